"""BBC News: 2,225 articles on five subjects, as bags of 2,949 words."""

from __future__ import annotations

from pathlib import Path

import torch

from vilib.datasets.bags import Bags, BagSplit, count_words
from vilib.datasets.download import digest, verify
from vilib.datasets.error import DataError
from vilib.datasets.registry import Entry, entry
from vilib.datasets.source import Found, locate
from vilib.datasets.topics import as_stand_in
from vilib.datasets.unpack import SUFFIXES, decode, unpack

__all__ = ["bbc_news", "parse_articles"]

# the splits as the file names them, and as the course does
SPLITS = {"train": "train", "val": "dev", "test": "test"}
CLASSES = ("business", "entertainment", "politics", "sport", "tech")

Article = tuple[tuple[str, ...], str, int]


def bbc_news(*, path: str | Path | None = None, stand_in: bool | None = None) -> Bags:
    """Load BBC News: 1,556 / 334 / 335 articles, lemmas only, stop words and rare words left out.

    The file is `corpus.tsv`, plain, .gz or .xz, in `VILIB_DATA/bbc_news/`, the user's cache, or at
    the public address. Where there is none the generated `topics` takes its place, and a line on
    standard output says so.

    Args:
        path: A file or a folder of your own; then nothing is searched, and the checksum may be any.
        stand_in: None: the stand-in where nothing else is found. False: an error instead. True: the
            stand-in at once.

    Raises:
        DataError: The file is missing, truncated or malformed or has a wrong checksum, or nothing
            was found and `stand_in` is False.

    Source: D. Greene and P. Cunningham, 2006, Practical Solutions to the Problem of Diagonal
        Dominance in Kernel Document Clustering, https://doi.org/10.1145/1143844.1143892; the
        preparation: S. Terragni, E. Fersini, B. G. Galuzzi, P. Tropeano and A. Candelieri, 2021,
        OCTIS: Comparing and Optimizing Topic Models is Simple!,
        https://aclanthology.org/2021.eacl-demos.31

    Example:
        >>> bags = bbc_news(stand_in=True)
        >>> bags.record.name, bags.record.origin
        ('topics', 'stand-in')
    """
    official = entry("bbc_news")
    found = Found("folder", Path(path)) if path is not None else locate(official, stand_in)
    if found.folder is None:
        return as_stand_in()
    file, shown = corpus_file(found, official)
    content = unpack(file, shown)
    articles = parse_articles(decode(content, shown), shown)
    if found.origin != "folder":
        verify(content, official.file, shown)
    return assemble(articles, official, digest(content), found.origin)


def corpus_file(found: Found, official: Entry) -> tuple[Path, str]:
    """The path of the file, plain or packed, and its name in errors."""
    name, own = official.file.name, found.origin == "folder"
    if own and found.folder.is_file():
        return found.folder, str(found.folder)
    where = str(found.folder) if own else f"{found.origin}/{official.name}"
    for suffix in SUFFIXES:
        if (found.folder / (name + suffix)).is_file():
            return found.folder / (name + suffix), f"{where}/{name}{suffix}"
    names = ", ".join(name + suffix for suffix in SUFFIXES)
    raise DataError(f"{where}/{name}", f"missing, expected one of {names}")


def parse_articles(text: str, shown: str = "text") -> list[Article]:
    """One article a line: words apart by single blanks, a tab, the split, a tab, the label.

    Args:
        text: The whole file.
        shown: Its name in errors.

    Returns:
        Words, split and number of the label of each article.

    Raises:
        DataError: A line of another form, an unknown split or label, or a missing last line end;
            the message names the line.

    Example:
        >>> parse_articles("cup final\\ttrain\\tsport\\n")
        [(('cup', 'final'), 'train', 3)]
        >>> parse_articles("cup final\\ttrain\\tchess\\n", "a.tsv")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: a.tsv, line 1: label 'chess', expected one of business, ...
    """
    if not text.endswith("\n"):
        line = text.count("\n") + 1
        raise DataError(shown, "no line end at the end, expected a whole file", line)
    lines = enumerate(text.split("\n")[:-1], start=1)
    return [article(line, shown, number) for number, line in lines]


def article(line: str, shown: str, number: int) -> Article:
    """One line's article."""
    fields = line.split("\t")
    if len(fields) != 3:
        problem = f"{len(fields)} fields, expected words, split and label apart by tabs"
        raise DataError(shown, problem, number)
    body, split, label = fields
    words = tuple(body.split(" "))
    if not all(word and word.isprintable() for word in words):
        raise DataError(shown, "an empty or unprintable word, expected words apart by one", number)
    if split not in SPLITS:
        raise DataError(shown, f"split {split!r}, expected one of {', '.join(SPLITS)}", number)
    if label not in CLASSES:
        raise DataError(shown, f"label {label!r}, expected one of {', '.join(CLASSES)}", number)
    return words, SPLITS[split], CLASSES.index(label)


def assemble(articles: list[Article], official: Entry, sha256: str, origin: str) -> Bags:
    """Articles as bags; words are numbered in alphabetical order."""
    words = tuple(sorted({word for body, _, _ in articles for word in body}))
    splits = {}
    for name in SPLITS.values():
        chosen = [(body, label) for body, split, label in articles if split == name]
        label = torch.tensor([label for _, label in chosen], dtype=torch.long)
        splits[name] = BagSplit(count_words([body for body, _ in chosen], words), label)
    record = official.record(splits, origin, sha256)
    return Bags(**splits, words=words, classes=CLASSES, record=record)
