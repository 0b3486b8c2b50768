"""The real units, graded as a class would have them graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from vicourse.course import here
from vicourse.grade.limits import Limits
from vicourse.rehearse.__main__ import report
from vicourse.rehearse.actors import cast
from vicourse.rehearse.desk import desk
from vicourse.rehearse.play import play, stage

# the first four are a perfect notebook, a blank one, and two with one mistake each
STUDENTS = {"01_vi_basics": 12, "04_sfe_sst": 4}


@pytest.mark.parametrize("unit", STUDENTS)
def test_made_up_students_get_their_marks(unit: str, tmp_path: Path) -> None:
    course = here()
    told = desk(course, unit, course.root / "tests" / "answers")
    actors = cast(told, STUDENTS[unit])
    assert len(actors) == STUDENTS[unit]
    assert [actors[0].score, actors[1].score] == [told.released.automatic, 0]
    assert told.hidden, "a unit without hidden tests has nothing to hide"
    verdicts = play(stage(course, unit, tmp_path / "course"), told, actors, Limits(cell=5.0), 2)
    assert not any(verdict.faults for verdict in verdicts), report(verdicts)
