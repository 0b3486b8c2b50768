"""The line at the top of every lesson."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import vilib
from vilib.health import MANAGER

ASK = "import vilib; vilib.doctor('01_vi_basics', minutes=2)"
# stands for a Jupyter server: the process that starts the kernel
SERVER = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', sys.argv[1]]))"


def ask(command: list[str], home: Path) -> str:
    env = os.environ | {"HOME": str(home), "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1, "one line"
    return done.stdout


def served(prefix: Path, home: Path) -> str:
    server = prefix / "bin" / "jupyter-lab"
    server.parent.mkdir(parents=True)
    server.write_text(SERVER, encoding="utf-8")
    return ask([sys.executable, str(server), ASK], home)


def manager(prefix: Path, version: str) -> None:
    path = prefix / MANAGER
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": version}), encoding="utf-8")


def test_it_names_what_matters(tmp_path: Path):
    line = ask([sys.executable, "-c", ASK], tmp_path)
    assert line.startswith("01_vi_basics: ")
    for word in (
        vilib.__version__,
        sys.version.split()[0],
        "torch",
        "cpu",
        "1 thread",
        "about 2 min",
    ):
        assert word in line
    assert "no Jupyter server" in line
    assert str(Path.home()) not in line
    assert sys.prefix not in line


def test_widgets_of_the_server_are_found(tmp_path: Path):
    # the kernel's own environment comes first on the server's command line
    if (Path(sys.executable).parent.parent / MANAGER).is_file():
        assert "widgets ok" in served(tmp_path / "server", tmp_path)
    manager(tmp_path / "other", "5.0.0")
    assert "widgets ok" in ask_with(tmp_path / "other", tmp_path)


def ask_with(prefix: Path, home: Path) -> str:
    """The kernel runs in this environment, its server in another one, as on a hub."""
    program = prefix / "bin" / "python"
    program.parent.mkdir(parents=True, exist_ok=True)
    # argv[0] is what a process says of itself; the program that runs is this Python
    launcher = f"import os, sys; os.execv({sys.executable!r}, [{str(program)!r}, *sys.argv[1:]])"
    words = [str(prefix / "bin" / "jupyter-lab"), SERVER, ASK]
    (prefix / "bin" / "jupyter-lab").write_text(
        SERVER.replace("sys.executable", repr(sys.executable)), encoding="utf-8"
    )
    return ask([sys.executable, "-c", launcher, words[0], ASK], home)


def test_missing_widgets_are_said_in_capitals(tmp_path: Path):
    assert "widgets MISSING in the server's environment" in ask_with(tmp_path / "bare", tmp_path)


def test_widgets_of_another_generation_are_said_in_capitals(tmp_path: Path):
    manager(tmp_path / "old", "3.1.1")
    assert "widgets TOO OLD in the server's environment" in ask_with(tmp_path / "old", tmp_path)


def test_unreadable_manager_counts_as_missing(tmp_path: Path):
    manager(tmp_path / "odd", "none")
    assert "widgets MISSING" in ask_with(tmp_path / "odd", tmp_path)


def test_unknown_data_are_said_in_capitals(capsys: pytest.CaptureFixture[str]):
    vilib.doctor("x", data=["no_such_set"])
    assert "no_such_set: NOT KNOWN" in capsys.readouterr().out


def test_data_are_where_the_loader_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("VILIB_DATA", str(tmp_path))
    monkeypatch.setenv("VILIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("VILIB_OFFLINE", "1")
    vilib.doctor("04_sfe_sst", data=["sst"])
    assert "sst: stand-in" in capsys.readouterr().out
