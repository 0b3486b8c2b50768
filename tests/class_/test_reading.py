"""Files that somebody sent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from vicourse.grade.reading import Unreadable, parse, read_regular

CELL = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [], "execution_count": None}


def notebook(**changes) -> bytes:
    tree = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [CELL]}
    return json.dumps({**tree, **changes}).encode()


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    assert read_regular(tmp_path / "a") == b"text"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"secret")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(Unreadable, match="symbolic link"):
        read_regular(tmp_path / "b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_does_not_hang_the_grader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="not a regular file"):
        read_regular(tmp_path / "pipe")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read_regular(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 2**20)
    with pytest.raises(Unreadable, match="1 MiB"):
        read_regular(tmp_path / "a", largest=2**19)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"3", "not a notebook"),
        (b'{"cells": 3, "nbformat": 4}', "not a notebook"),
        (notebook(nbformat=3), "not a notebook of format 4"),
        (notebook(cells=[3]), "not a valid notebook"),
        (notebook(cells=[{"source": "1"}]), "not a valid notebook"),
        (notebook(cells=[{**CELL, "source": 3}]), "not a valid notebook"),
        (notebook(cells=[{**CELL, "cell_type": "poem"}]), "not a valid notebook"),
        (notebook(cells=[{**CELL, "metadata": [1]}]), "not a valid notebook"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse(data, "work.ipynb")


def test_older_notebooks_get_ids_and_lines_are_joined() -> None:
    cells = [{**CELL, "source": ["a\n", "b"]}, CELL, {**CELL, "id": "same"}, {**CELL, "id": "same"}]
    found = parse(notebook(cells=cells), "work.ipynb")
    assert found.cells[0].source == "a\nb"
    assert len({cell.id for cell in found.cells}) == 4


def test_outputs_and_foreign_metadata_are_dropped() -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": "x"}
    cell = {**CELL, "outputs": [stream, "nonsense"], "metadata": {"colab": 1, "tags": ["long"]}}
    (found,) = parse(notebook(cells=[cell]), "work.ipynb").cells
    assert found.outputs == []
    assert dict(found.metadata) == {"tags": ["long"]}
