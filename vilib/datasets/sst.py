"""The Stanford Sentiment Treebank: film-review sentences with a label of 0–4 on every phrase."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vilib.datasets.download import digest, verify
from vilib.datasets.error import DataError
from vilib.datasets.registry import Entry, entry
from vilib.datasets.sentiment import SPLITS, SentimentTreebank, Split, assemble
from vilib.datasets.source import Found, locate
from vilib.datasets.treebank import treebank
from vilib.datasets.trees import parse_trees
from vilib.datasets.unpack import SUFFIXES, decode, unpack, unzip

__all__ = ["sst"]


def sst(
    split: str | None = None, *, path: str | Path | None = None, stand_in: bool | None = None
) -> SentimentTreebank | Split:
    """Load SST: 8,544 / 1,101 / 2,210 trees for train / dev / test.

    It is read from the official zip, from `trees/train.txt` and so on, or from `train.txt` and so
    on, the text files plain, .gz or .xz. The places are `VILIB_DATA/sst/`, the user's cache and the
    public address; what they hold must have the official checksum. Where there is none of them, the
    generated `treebank` takes its place, and a line on standard output says so.

    Args:
        split: "train", "dev" or "test" for that split alone; None for all, with the record.
        path: A zip or a folder of your own, in the same layout; then nothing is searched, and the
            checksum may be any.
        stand_in: None: the stand-in where nothing else is found. False: an error instead. True: the
            stand-in at once.

    Raises:
        DataError: A file is missing, truncated or malformed or has a wrong checksum, or nothing
            was found and `stand_in` is False.
        KeyError: There is no such split.

    Source: R. Socher, A. Perelygin, J. Wu, J. Chuang, C. Manning, A. Ng and C. Potts, 2013,
        Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank,
        https://aclanthology.org/D13-1170

    Example:
        >>> data = sst(stand_in=True)
        >>> data.record.name, data.record.origin
        ('treebank', 'stand-in')
        >>> print(data.train[2])
        (3 (2 (2 This) (2 cast)) (3 (3 (2 is) (3 solid)) (2 .)))
    """
    official = entry("sst")
    if path is not None:
        data = read(Found("folder", Path(path)), official)
    else:
        found = locate(official, stand_in)
        data = generated() if found.folder is None else read(found, official)
    return data if split is None else data[split]


def generated() -> SentimentTreebank:
    """The stand-in, and its record saying that it is one."""
    data = treebank()
    return replace(data, record=replace(data.record, origin="stand-in"))


def read(found: Found, official: Entry) -> SentimentTreebank:
    """Read what was found. A malformed line is told before a wrong checksum: it says more."""
    archive = archive_in(found.folder, official)
    name = archive.name if archive else ""
    contents = zipped(archive, shown(found, name)) if archive else unpacked(found, official)
    trees = {split: tuple(parse_trees(decode(c, s), s)) for split, (s, c) in contents.items()}
    if archive:
        whole = archive.read_bytes()
        to_verify = [(whole, official.file, shown(found, name))]
    else:
        whole = b"".join(content for _, content in contents.values())
        to_verify = [(c, official.members[split], s) for split, (s, c) in contents.items()]
    if found.origin != "folder":
        for content, expected, place in to_verify:
            verify(content, expected, place)
    return assemble(trees, official, digest(whole), found.origin)


def archive_in(place: Path, official: Entry) -> Path | None:
    """The zip, if the place is one or holds one."""
    if place.is_file():
        return place
    inside = place / official.file.name
    return inside if inside.is_file() else None


def zipped(archive: Path, place: str) -> dict[str, tuple[str, bytes]]:
    """Split → name for errors and content, out of the zip."""
    contents = unzip(archive, place, {split: f"{split}.txt" for split in SPLITS})
    return {split: (f"{place}/{split}.txt", content) for split, content in contents.items()}


def unpacked(found: Found, official: Entry) -> dict[str, tuple[str, bytes]]:
    """Split → name for errors and content, out of three text files."""
    contents = {}
    for split in SPLITS:
        name = text_file(found, official.members[split].name)
        contents[split] = (shown(found, name), unpack(found.folder / name, shown(found, name)))
    return contents


def text_file(found: Found, member: str) -> str:
    """The name under which a split's file lies in the folder."""
    names = [stem + suffix for stem in (member, Path(member).name) for suffix in SUFFIXES]
    for name in names:
        if (found.folder / name).is_file():
            return name
    raise DataError(shown(found, member), f"missing, expected one of {', '.join(names)}")


def shown(found: Found, name: str) -> str:
    """A file's name in errors: under the place's name, or as the caller wrote it."""
    if found.origin == "folder":
        return str(found.folder if found.folder.is_file() else found.folder / name)
    return f"{found.origin}/sst/{name}"
