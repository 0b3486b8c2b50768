"""Find and read text files that hold one sentence a line, each at an address of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from vilib.datasets.download import verify
from vilib.datasets.error import DataError
from vilib.datasets.registry import Entry
from vilib.datasets.source import Found, locate
from vilib.datasets.text import MARKS, Words
from vilib.datasets.unpack import SUFFIXES, decode, unpack

__all__ = ["find_texts", "parse_text", "read_texts"]

# separators other than the blank, at which str.split would split silently
ODD = re.compile(r"[\t\r\v\f\x1c-\x1f\x85\u2028\u2029]")


def find_texts(official: Entry, stand_in: bool | None) -> dict[str, Found] | None:
    """Where each file is: the folder VILIB_DATA, the cache, a download; None for the stand-in.

    The address of a file is the registry's address and the file's name. The first file that is
    nowhere decides for the stand-in, which is then announced in one line.

    Args:
        official: The registry's entry; its members are the files.
        stand_in: As in the loaders: None allows the stand-in, False forbids it, True takes it.

    Raises:
        DataError: There is no copy and `stand_in` is False, or a download has a wrong checksum.
    """
    found = {}
    for split, file in official.members.items():
        alone = replace(official, url=official.url + file.name, file=file, members={split: file})
        found[split] = locate(alone, stand_in)
        if found[split].folder is None:
            return None
    return found


def read_texts(
    found: dict[str, Found], official: Entry, *, labelled: bool = False
) -> dict[str, tuple[Words, ...]]:
    """Read and parse the files; a malformed line is told before a wrong checksum: it says more.

    Args:
        found: Split → place, of `find_texts` or a folder of one's own (origin "folder").
        official: The registry's entry.
        labelled: As in `parse_text`.

    Raises:
        DataError: A file is missing, damaged or malformed, or has a wrong checksum.
    """
    texts = {}
    for split, place in found.items():
        path, shown = text_file(place, official, split)
        content = unpack(path, shown)
        texts[split] = parse_text(decode(content, shown), shown, labelled=labelled)
        if place.origin != "folder":
            verify(content, official.members[split], shown)
    return texts


def text_file(place: Found, official: Entry, split: str) -> tuple[Path, str]:
    """The path of a file, plain or packed, and its name in errors."""
    own = place.origin == "folder"
    name = official.members[split].name
    where = str(place.folder) if own else f"{place.origin}/{official.name}"
    for suffix in SUFFIXES:
        if (place.folder / (name + suffix)).is_file():
            return place.folder / (name + suffix), f"{where}/{name}{suffix}"
    names = ", ".join(name + suffix for suffix in SUFFIXES)
    raise DataError(f"{where}/{name}", f"missing, expected one of {names}")


def parse_text(text: str, shown: str = "text", *, labelled: bool = False) -> tuple[Words, ...]:
    """One sentence a line, words apart by single blanks; a blank at either end is allowed.

    Args:
        text: The whole file.
        shown: Its name in errors.
        labelled: Allow a label and a tab before the sentence, and leave them out.

    Returns:
        The sentences.

    Raises:
        DataError: An empty line, a missing last line end, an odd separator, two blanks, or one of
            the course's own marks such as <eos>; the message names the line.

    Example:
        >>> parse_text(" a cat \\n")
        (('a', 'cat'),)
        >>> parse_text("a cat\\na <eos> dog\\n", "b.txt")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: b.txt, line 2: the mark '<eos>', expected words only
    """
    if not text.endswith("\n"):
        raise DataError(
            shown, "no line end at the end, expected a whole file", text.count("\n") + 1
        )
    sentences = []
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        body = re.sub(r"^\d+\t", "", line) if labelled else line
        if fault := line_fault(body):
            raise DataError(shown, fault, number)
        sentences.append(tuple(body.strip(" ").split(" ")))
    return tuple(sentences)


def line_fault(line: str) -> str:
    """What is wrong with a line, or ""."""
    if odd := ODD.search(line):
        return f"{odd[0]!r} at column {odd.start() + 1}, expected words apart by single blanks"
    if not line.strip(" "):
        return "empty line, expected a sentence"
    if "  " in line:
        return f"two blanks at column {line.index('  ') + 1}, expected words apart by one"
    marks = {*MARKS} - {"<unk>"}
    mark = next((word for word in line.split(" ") if word in marks), None)
    return f"the mark {mark!r}, expected words only" if mark else ""
