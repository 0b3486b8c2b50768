"""The commands: `make help` names each, and nothing is set up twice."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from vicourse.course import here

ROOT = here().root
LEARN = {"lab", "help"}
CHANGE = {"test", "lint", "lessons", "check", "new", "edit", "site", "browser"}
TEACH = {"release", "collect", "grade", "feedback", "export", "rehearse"}
PROVE = {"kills", "reseed", "proof", "certificate", "bench", "bench-lessons", "throughput"}
PROVE |= {"results", "pins"}

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    # the outer make's flags and paths are not those of the one under test
    clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT,
        env=clean | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_target_with_a_sentence():
    text = make("help").stdout
    told = dict(re.findall(r"^  make ([\w-]+) +(\S.*)$", text, flags=re.MULTILINE))
    assert set(told) == LEARN | CHANGE | TEACH | PROVE
    assert all(len(sentence.split()) >= 3 for sentence in told.values())
    assert make().stdout == text, "it is what a bare `make` prints"


@pytest.mark.parametrize(
    "target", ["new", "edit", "release", "collect", "grade", "feedback", "rehearse"]
)
def test_missing_unit_is_asked_for(target: str, tmp_path: Path):
    # as if all were installed, so that nothing is set up here
    for stamp in (".lab", ".all", "bin/python"):
        (tmp_path / stamp).parent.mkdir(exist_ok=True)
        (tmp_path / stamp).touch()
    done = make(target, f"VENV={tmp_path}")
    assert done.returncode != 0
    assert "say which: UNIT=" in done.stdout + done.stderr


def test_old_python_is_refused_with_a_reason(tmp_path: Path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "make"):
        (programs / name).symlink_to(shutil.which(name))
    old = programs / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.10" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = make(f"{tmp_path}/venv/bin/python", f"VENV={tmp_path}/venv", PATH=str(programs))
    assert done.returncode != 0
    assert "Python 3.11 or later was not found (python3 is: Python 3.8.10)" in done.stdout


def installs(venv: Path, target: str) -> list[str]:
    planned = make("--dry-run", target, f"VENV={venv}").stdout.splitlines()
    return [line for line in planned if " -m pip install " in line]


def test_each_environment_is_set_up_once(tmp_path: Path):
    assert len(installs(tmp_path, "lab")) == 1
    assert len(installs(tmp_path, "test")) == 1
    (tmp_path / "bin").mkdir()
    for stamp in ("bin/python", ".lab"):
        (tmp_path / stamp).touch()
    assert installs(tmp_path, "lab") == []
    assert len(installs(tmp_path, "test")) == 1, "the tests need more than the lessons"
    (tmp_path / ".all").touch()
    assert installs(tmp_path, "test") == []
    assert len(installs(tmp_path, "bench")) == 1, "and the benchmarks more than the tests"


def test_new_requirements_are_installed(tmp_path: Path):
    (tmp_path / "bin").mkdir()
    for stamp in ("bin/python", ".lab", ".all"):
        (tmp_path / stamp).touch()
        os.utime(tmp_path / stamp, (0, 0))
    (line,) = installs(tmp_path, "lab")
    assert "-c constraints.txt" in line
    assert '".[lab]"' in line
