"""The registry of data sets, `data/registry.json`, and the files that ship with the course."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from pathlib import Path

from vilib.datasets.error import DataError
from vilib.datasets.record import DatasetRecord

__all__ = ["Entry", "File", "embedded", "entry", "names"]


@dataclass(frozen=True)
class File:
    """A file or a member of an archive: its name, its size in bytes and its SHA-256.

    Example:
        >>> entry("sst").members["train"].name
        'trees/train.txt'
    """

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """What the registry knows of one data set.

    Args:
        name: Name of the loader.
        title: What it is, in a line.
        licence: Its terms, or "none stated".
        citation: Authors, year, title, address.
        url: The public address; "" for what ships with the course or is generated.
        file: The file at that address, the embedded file, or the generated text.
        members: Split → member of the archive, as it may also lie unpacked; empty if no archive.
        stand_in: Name of the data set that takes its place where there is no copy and no network.

    Example:
        >>> entry("sst").stand_in, f"{entry('sst').file.bytes:,} bytes"
        ('treebank', '789,539 bytes')
    """

    name: str
    title: str
    licence: str
    citation: str
    url: str
    file: File
    members: Mapping[str, File]
    stand_in: str

    def record(
        self, splits: Mapping[str, Sized], origin: str, sha256: str | None = None
    ) -> DatasetRecord:
        """The record of what was read or drawn.

        Args:
            splits: Split → its examples, which are counted.
            origin: As in `DatasetRecord`.
            sha256: Of the data, where it is not that of the registry's file.

        Example:
            >>> entry("coins").record({"all": "HTH"}, "embedded").split_sizes
            {'all': 3}
        """
        sizes = {split: len(examples) for split, examples in splits.items()}
        checksum = self.file.sha256 if sha256 is None else sha256
        return DatasetRecord(self.name, self.citation, self.licence, checksum, sizes, origin)


def embedded(file: str) -> Path:
    """The path of a file that ships with the course, in a wheel or in a clone.

    Raises:
        DataError: The installation lacks it.

    Example:
        >>> embedded("registry.json").name
        'registry.json'
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_data", package.parent / "data"):
        if (folder / file).is_file():
            return folder / file
    raise DataError(f"data/{file}", "missing from this installation, expected beside the package")


def names() -> tuple[str, ...]:
    """The names of all data sets.

    Example:
        >>> names()[:3]
        ('sst', 'treebank', 'coins')
    """
    return tuple(read())


def entry(name: str) -> Entry:
    """The registry's entry of one data set.

    Raises:
        KeyError: There is no such data set; the message lists those that there are.
    """
    known = read()
    if name not in known:
        raise KeyError(f"no data set {name!r}; there are {', '.join(known)}")
    facts = known[name]
    members = {split: File(**member) for split, member in facts.pop("members", {}).items()}
    return Entry(name=name, file=File(**facts.pop("file")), members=members, **facts)


def read() -> dict[str, dict]:
    """The registry as it stands in its file."""
    return json.loads(embedded("registry.json").read_text(encoding="utf-8"))
