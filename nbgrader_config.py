"""How nbgrader sees the course: `solutions/` are its sources, `notebooks/` its releases."""

import sys
from pathlib import Path

if (root := str(Path(__file__).resolve().parent)) not in sys.path:
    sys.path.insert(0, root)

from nbgrader import preprocessors as steps

from vicourse.feedback import FEEDBACK
from vicourse.grade.one import AUTOGRADE, SANITIZE

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "vilib"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"

# A written answer carries its rubric: taken out before checksums are made, so that an answer left
# blank is recognised (nbgrader allows mark schemes in task cells alone, and takes them out after)
c.ClearMarkScheme.enforce_metadata = False
c.GenerateAssignment.preprocessors = [
    steps.IncludeHeaderFooter,
    steps.InstantiateTests,
    steps.LockCells,
    steps.ClearSolutions,
    steps.ClearMarkScheme,
    steps.ClearOutput,
    steps.CheckCellMetadata,
    steps.ComputeChecksums,
    steps.SaveCells,
    steps.ClearHiddenTests,
    steps.ComputeChecksums,
    steps.CheckCellMetadata,
]

# formgrader's own buttons grade and give feedback as `make grade` and `make feedback` do, though
# without a process and a clean folder for each submission
c.Autograde.sanitize_preprocessors = SANITIZE
c.Autograde.autograde_preprocessors = AUTOGRADE
c.GenerateFeedback.preprocessors = FEEDBACK
