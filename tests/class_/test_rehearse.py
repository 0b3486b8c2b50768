"""A whole class of made-up students, from release to marks."""

from __future__ import annotations

import dataclasses
from itertools import islice

import pytest

from tests.class_.conftest import UNIT
from vicourse.course import Course
from vicourse.grade.limits import Limits
from vicourse.rehearse.__main__ import report
from vicourse.rehearse.actors import cast, mistaken
from vicourse.rehearse.desk import Desk, Wrong
from vicourse.rehearse.play import Verdict, play, stage

LIMITS = Limits(cell=2.0, output=0.5)
# marks of 5, whether it needs attention; written out, to test the cast's own arithmetic too
TWELVE = {
    "perfect": (5, False),
    "blank": (0, False),
    "double-adds-two": (3, False),
    "total-mean": (2, False),
    "dies": (3, True),
    "loops": (2, True),
    "missing": (0, True),
    "renamed": (0, True),
    "deleted": (3, True),
    "doubled": (2, True),
    "skips": (3, True),
    "edited": (2, False),
}
OTHERS = {
    "points": (3, True),
    "ungraded": (2, True),
    "stubborn": (3, True),
    "floods": (2, True),
    "hungry": (3, True),
    "killed": (2, True),
    "warns": (5, False),
    "leaves": (2, True),
    "linked": (0, True),
    "broken": (0, True),
    "foreign": (0, True),
    "double-squared": (3, False),
}


@pytest.fixture(scope="module")
def verdicts(
    tiny: Course, tiny_desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Verdict]:
    """One class with all of them."""
    course = stage(tiny, UNIT, tmp_path_factory.mktemp("class") / "course")
    found = play(course, tiny_desk, cast(tiny_desk, 99), LIMITS, jobs=2)
    return {verdict.actor.name: verdict for verdict in found}


def test_the_first_twelve_are_the_usual_ones(tiny_desk: Desk) -> None:
    assert [actor.name for actor in cast(tiny_desk, 12)] == list(TWELVE)


def test_nobody_is_forgotten(verdicts: dict[str, Verdict]) -> None:
    assert set(verdicts) == set(TWELVE) | set(OTHERS)


@pytest.mark.parametrize("name", [*TWELVE, *OTHERS])
def test_marks_reason_and_feedback_are_as_expected(name: str, verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts[name]
    marks, attention = {**TWELVE, **OTHERS}[name]
    assert verdict.faults == ()
    assert float(verdict.row["score"]) == verdict.outcome.score == marks
    assert verdict.row["needs_attention"] == ("yes" if attention else "no")
    assert bool(verdict.outcome.reasons) is attention


@pytest.mark.parametrize(("name", "pending"), [("perfect", 1), ("blank", 0), ("missing", 0)])
def test_written_answers_wait_unless_left_blank(
    name: str, pending: int, verdicts: dict[str, Verdict]
) -> None:
    assert verdicts[name].outcome.pending == int(verdicts[name].row["pending"]) == pending
    assert (verdicts[name].row["written_why"] == "") is bool(pending)


def test_a_cell_that_we_tag_long_is_left_out(verdicts: dict[str, Verdict]) -> None:
    # the fixture's long cell raises when it is graded, in a lesson without any other error
    assert verdicts["perfect"].outcome.notes == []
    assert verdicts["perfect"].outcome.score == 5


def test_an_edited_test_is_noted(verdicts: dict[str, Verdict]) -> None:
    assert verdicts["edited"].outcome.notes == ["cell test_total was edited; ours was used"]


def test_a_difference_is_reported(tiny: Course, tiny_desk: Desk, tmp_path) -> None:
    right = "def double(number):\n    return 2 * number"
    actor = mistaken(tiny_desk, Wrong("double", "none", "no such message", right))
    course = stage(tiny, UNIT, tmp_path / "course")
    (verdict,) = play(course, tiny_desk, [actor], LIMITS, jobs=1)
    assert verdict.faults == ("5 marks, not 3", "feedback lacks 'no such message'")
    assert "1 not as expected" in report([verdict])
    assert "0 not as expected" in report([dataclasses.replace(verdict, faults=())])


def test_mistakes_are_spread_over_exercises(tiny_desk: Desk) -> None:
    names = [actor.name for actor in islice(cast(tiny_desk, 99), 2, 4)]
    assert {name.split("-")[0] for name in names} == {"double", "total"}
