"""The web pages build without a warning, and hold every lesson and every part of vilib."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vilib
from vicourse.course import here

COURSE = here()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    trees = tmp_path_factory.mktemp("trees")
    # -W: a broken link or a docstring that cannot be set is an error
    options = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(trees)]
    command = [sys.executable, "-m", "sphinx", *options, "docs", str(target)]
    done = subprocess.run(command, cwd=COURSE.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.mark.parametrize("unit", COURSE.units())
def test_lesson_has_a_page_with_its_outputs(site: Path, unit: str):
    page = (site / "_generated" / f"{unit}.html").read_text(encoding="utf-8")
    assert f"{unit}: vilib {vilib.__version__}" in page, "the output of vilib.doctor"
    assert f"_generated/{unit}.html" in (site / "index.html").read_text(encoding="utf-8")


def documented(thing: object) -> bool:
    """Classes have a place of their own; a constant or an alias of types has none."""
    return inspect.isclass(thing) and bool(thing.__doc__)


@pytest.mark.parametrize("part", vilib.SUBMODULES)
def test_part_of_vilib_has_a_page_with_its_names(site: Path, part: str):
    page = (site / "_generated" / "reference" / f"{part}.html").read_text(encoding="utf-8")
    module = getattr(vilib, part)
    public = {name: getattr(module, name) for name in module.__all__}
    names = [
        name for name, thing in public.items() if inspect.isroutine(thing) or documented(thing)
    ]
    missing = [
        name for name in names if not re.search(rf'id="vilib\.[\w.]*\b{name}(\.[\w.]+)?"', page)
    ]
    assert missing == []
