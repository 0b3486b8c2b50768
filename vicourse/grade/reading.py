"""Read what somebody sent, without trusting it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import nbformat
from nbformat import NotebookNode

__all__ = ["LARGEST", "Unreadable", "parse", "read_regular"]

LARGEST = 20 * 2**20  # bytes; a lesson without outputs has about 60 thousand


class Unreadable(Exception):
    """A file that is not graded as it is; the message says why, for teacher and student."""


def read_regular(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a regular file.

    Args:
        path: The file. A symbolic link is never followed, a pipe or device never opened for long.
        largest: Most bytes that are read.

    Raises:
        Unreadable: It is a link, no regular file, too large, or cannot be opened.
    """
    if path.is_symlink():
        raise Unreadable(f"{path.name} is a symbolic link, which is never followed")
    try:
        # between the question above and this call a link may have been put there: the flag has
        # the last word
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        )
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_size > largest:
        os.close(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{path.name} is not a regular file")
        size, most = status.st_size / 2**20, largest / 2**20
        raise Unreadable(f"{path.name} has {size:.0f} MiB; {most:.0f} are read")
    with os.fdopen(handle, "rb") as file:
        return file.read(largest)


def parse(data: bytes, name: str) -> NotebookNode:
    """A notebook without outputs, with cell ids that are present and unique.

    Args:
        data: What the file holds.
        name: Its name, for the message.

    Raises:
        Unreadable: It is not JSON, or not a notebook of format 4.
    """
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        kind = "is empty" if not data.strip() else f"is not valid JSON ({str(error)[:80]})"
        raise Unreadable(f"{name} {kind}") from None
    if (
        not isinstance(tree, dict)
        or not isinstance(tree.get("cells"), list)
        or tree.get("nbformat") != 4
    ):
        raise Unreadable(f"{name} is JSON, but not a notebook of format 4")
    try:
        notebook = nbformat.v4.reads(
            json.dumps({**tree, "cells": [bare(c) for c in tree["cells"]]})
        )
        give_ids(notebook)
        nbformat.validate(notebook)
    except (nbformat.ValidationError, TypeError, AttributeError, KeyError, ValueError) as error:
        line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise Unreadable(f"{name} is not a valid notebook ({line[:120]})") from None
    return notebook


def bare(cell: dict) -> dict:
    """A cell without outputs and without metadata that neither nbgrader nor we know."""
    metadata = cell.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise TypeError("a cell's metadata is no dictionary")
    known = {key: metadata[key] for key in ("nbgrader", "tags") if key in metadata}
    empty = {"outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else {}
    return {**cell, "metadata": known, **empty}


def give_ids(notebook: NotebookNode) -> None:
    """Number cells whose id is missing (older notebooks) or taken (text that was copied)."""
    notebook.nbformat_minor = 5
    notebook.metadata = nbformat.from_dict({})
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        if not isinstance(cell.get("id"), str) or cell.id in seen:
            cell["id"] = f"theirs-{number}"
        seen.add(cell.id)
