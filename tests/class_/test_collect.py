"""Folders of submissions, as they come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tests.class_.conftest import UNIT
from vicourse.collect import collect, main
from vicourse.course import Course
from vicourse.grade.locate import handed_in
from vicourse.grade.reading import LARGEST, Unreadable
from vicourse.grade.released import Released
from vicourse.rehearse.desk import Desk
from vicourse.rehearse.play import stage


@pytest.fixture
def course(tiny: Course, tmp_path: Path) -> Course:
    return stage(tiny, UNIT, tmp_path / "course")


@pytest.fixture
def put(tiny_desk: Desk, tmp_path: Path) -> Callable[[str], Path]:
    """Hand in a right notebook under some path."""

    def put(path: str) -> Path:
        whole = tmp_path / "in" / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(tiny_desk.perfect(), whole)
        return whole

    return put


def collected(course: Course) -> set[str]:
    folder = course.root / "submitted"
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*.ipynb")}


@pytest.mark.parametrize(
    ("path", "student"),
    [
        (f"ann/{UNIT}/{UNIT}.ipynb", "ann"),
        (f"submitted/ann/{UNIT}/{UNIT}.ipynb", "ann"),
        (f"ann/{UNIT}.ipynb", "ann"),
        ("ann/homework.ipynb", "ann"),
        (f"ann_{UNIT}.ipynb", "ann"),
        (f"annlee_LATE_4711_99_{UNIT}-2.ipynb", "annlee"),
        ("ann_my solution.ipynb", "ann"),
        (
            f"Ann Lee_4711_assignsubmission_file/{UNIT}.ipynb",
            "Ann Lee_4711_assignsubmission_file",
        ),
        (f"a[n]n*/{UNIT}.ipynb", "a_n_n_"),
    ],
)
def test_layouts(
    path: str, student: str, course: Course, put: Callable, released: Released, tmp_path: Path
) -> None:
    data = put(path).read_bytes()
    assert set(collect(course, UNIT, tmp_path / "in")) == {student}
    assert collected(course) == {f"{student}/{UNIT}/{UNIT}.ipynb"}
    assert handed_in(course, UNIT, student, released) == data


def test_in_nbgraders_layout_a_name_is_kept(
    course: Course, put: Callable, released: Released, tmp_path: Path
) -> None:
    put(f"ann/{UNIT}/mine.ipynb")
    collect(course, UNIT, tmp_path / "in")
    with pytest.raises(Unreadable, match=r"missing; found 'mine.ipynb' with 5 of our 5 .* rename"):
        handed_in(course, UNIT, "ann", released)


def test_of_several_the_one_with_the_right_name_counts(
    course: Course, put: Callable, tmp_path: Path
) -> None:
    put(f"ann/{UNIT}.ipynb")
    put(f"ann/{UNIT}-copy.ipynb")
    collect(course, UNIT, tmp_path / "in")
    assert collected(course) == {f"ann/{UNIT}/{UNIT}.ipynb"}


def test_where_none_has_it_a_human_must_choose(
    course: Course, put: Callable, released: Released, tmp_path: Path
) -> None:
    put("ann_first.ipynb")
    put("ann_second.ipynb")
    collect(course, UNIT, tmp_path / "in")
    with pytest.raises(Unreadable, match="several files may be the notebook"):
        handed_in(course, UNIT, "ann", released)


def test_another_units_notebook_stays_what_it_is(course: Course, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "in" / "ann_99_other.ipynb")
    collect(course, UNIT, tmp_path / "in")
    assert collected(course) == {f"ann/{UNIT}/ann_99_other.ipynb"}


@pytest.mark.parametrize(
    "path", [f"ann/{UNIT}/{UNIT}.ipynb", f"ann/{UNIT}.ipynb", f"ann_{UNIT}.ipynb", f"ann/{UNIT}"]
)
def test_links_are_not_followed(
    path: str, course: Course, put: Callable, released: Released, tmp_path: Path
) -> None:
    secret = put("../secret/secret.ipynb")
    link = tmp_path / "in" / path
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(secret if path.endswith(".ipynb") else secret.parent)
    (said,) = collect(course, UNIT, tmp_path / "in").values()
    assert said[0].startswith("✗")
    assert collected(course) == set()
    with pytest.raises(Unreadable, match="symbolic link"):
        handed_in(course, UNIT, "ann", released)


def test_a_linked_student_folder(course: Course, put: Callable, tmp_path: Path) -> None:
    secret = put("../secret/secret.ipynb")
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in" / "ann").symlink_to(secret.parent)
    assert collect(course, UNIT, tmp_path / "in")["ann"][0].startswith("✗")
    assert collected(course) == set()


def test_links_in_the_course_itself(
    course: Course, put: Callable, released: Released, tmp_path: Path
) -> None:
    secret = put(f"../secret/{UNIT}.ipynb")
    (course.root / "submitted" / "ann").mkdir(parents=True)
    (course.root / "submitted" / "ann" / UNIT).symlink_to(secret.parent)
    with pytest.raises(Unreadable, match="symbolic link"):
        handed_in(course, UNIT, "ann", released)


def test_a_large_file_is_refused(course: Course, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / f"ann_{UNIT}.ipynb").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "20 are read" in collect(course, UNIT, tmp_path / "in")["ann"][0]
    assert collected(course) == set()


def test_a_second_time_takes_the_newer_file(course: Course, put: Callable, tmp_path: Path) -> None:
    path = put(f"ann_{UNIT}.ipynb")
    collect(course, UNIT, tmp_path / "in")
    path.write_bytes(b"newer")
    collect(course, UNIT, tmp_path / "in")
    assert (course.root / "submitted" / "ann" / UNIT / f"{UNIT}.ipynb").read_bytes() == b"newer"


def test_command_line(course: Course, put: Callable, tmp_path: Path, capsys) -> None:
    put(f"ann_{UNIT}.ipynb")
    root = ["--root", str(course.root)]
    assert main([UNIT, str(tmp_path / "in"), *root]) == 0
    assert main(["--from", str(tmp_path / "in"), *root]) == 0
    assert f"ann: ✓ ann_{UNIT}.ipynb → {UNIT}.ipynb" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main([UNIT, "--from", str(tmp_path / "nowhere"), *root])
    assert ended.value.code == 2
