"""From what a test cell did to marks. Stock nbgrader reads outputs alone, and is easily misled."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_grade, is_solution

__all__ = ["SaveScores", "earned", "verify"]


def earned(cell: NotebookNode) -> float:
    """Points of a test cell: all if it ran to its end without error and printed something.

    Differs from nbgrader on purpose: a warning on standard error costs nothing, a cell that never
    ran or printed nothing earns nothing, and the value of a last expression is not taken for
    points.
    """
    ran = cell.metadata.get("vicourse", {}).get("run") == "ok" and cell.execution_count is not None
    failed = any(output.output_type == "error" for output in cell.outputs)
    return float(cell.metadata.nbgrader.points) if ran and not failed and spoke(cell) else 0.0


def spoke(cell: NotebookNode) -> bool:
    """Whether a cell printed something; every check prints a line when it passes."""
    return any(
        o.output_type == "stream" and o.name == "stdout" and o.text.strip() for o in cell.outputs
    )


def tests(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that give marks by themselves."""
    return [
        c for c in notebook.cells if c.cell_type == "code" and is_grade(c) and not is_solution(c)
    ]


def verify(notebook: NotebookNode) -> None:
    """Keep back marks of tests that did not run to their end in order, or passed in silence."""
    withheld, last = notebook.metadata.vicourse.withheld, 0
    for cell in tests(notebook):
        ours = cell.metadata.vicourse
        name, reason = cell.metadata.nbgrader.grade_id, None
        if ours.run not in ("ok", "error"):
            reason = f"cell {name} was not run to its end"
        elif cell.execution_count is None or cell.execution_count <= last:
            reason = (
                f"cell {name} ran out of order (its number is {cell.execution_count} after {last})"
            )
        elif ours.run == "ok" and not spoke(cell):
            reason = f"cell {name} printed nothing, as no passing test does"
        last = max(last, cell.execution_count or 0)
        if reason and not withheld.get(ours.inside):
            withheld[ours.inside] = [reason]


class SaveScores(SaveAutoGrades):
    """Write marks to the gradebook; those that are withheld are 0 and wait for a human.

    In formgrader such a test shows as needing a manual grade. Giving one settles the matter.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Verify, then save cell by cell."""
        verify(nb)
        self.withheld = nb.metadata.vicourse.withheld
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        if cell.cell_type != "code" or is_solution(cell):
            super()._add_score(cell, resources)
            return
        grade_id = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(
            grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        kept_back = cell.metadata.vicourse.inside in self.withheld
        grade.auto_score = 0.0 if kept_back else earned(cell)
        grade.needs_manual_grade = kept_back or grade.manual_score is not None
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: dict) -> None:
        super()._add_comment(cell, resources)
        grade_id = cell.metadata.nbgrader.grade_id
        if reasons := self.withheld.get(grade_id):
            comment = self.gradebook.find_comment(
                grade_id, self.notebook_id, self.assignment_id, self.student_id
            )
            comment.auto_comment = "Needs attention: " + "; ".join(reasons) + "."
            self.gradebook.db.commit()
