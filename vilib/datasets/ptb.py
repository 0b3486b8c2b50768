"""The Penn Treebank as text for language models, in Mikolov's split."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vilib.datasets.language import language
from vilib.datasets.registry import entry
from vilib.datasets.source import Found
from vilib.datasets.text import Text
from vilib.datasets.text_files import find_texts, read_texts

__all__ = ["ptb"]


def ptb(*, path: str | Path | None = None, stand_in: bool | None = None) -> Text:
    """Load the Penn Treebank: 42,068 / 3,370 / 3,761 sentences of newspaper text, 10,000 words.

    Words are in lower case, numbers are N, rare words <unk>, most punctuation is gone. The mark of
    a sentence's end is not in the files; it counts as a word in the published 929,589 tokens. The
    files are `ptb.train.txt`, `ptb.valid.txt` and `ptb.test.txt`, plain, .gz or .xz, in
    `VILIB_DATA/ptb/`, the user's cache, or at the public address. Where there are none of them the
    generated `language` takes its place, and a line on standard output says so.

    Args:
        path: A folder of your own with these files; then nothing is searched, and the checksums may
            be any.
        stand_in: None: the stand-in where nothing else is found. False: an error instead. True: the
            stand-in at once.

    Returns:
        The text; "dev" is the file called valid.

    Raises:
        DataError: A file is missing, truncated or malformed or has a wrong checksum, or nothing was
            found and `stand_in` is False.

    Source: M. P. Marcus, B. Santorini and M. A. Marcinkiewicz, 1993, Building a Large Annotated
        Corpus of English: The Penn Treebank, https://aclanthology.org/J93-2004; the split: T.
        Mikolov, M. Karafiát, L. Burget, J. Černocký and S. Khudanpur, 2010, Recurrent Neural
        Network Based Language Model, https://doi.org/10.21437/Interspeech.2010-343

    Example:
        >>> text = ptb(stand_in=True)
        >>> text.record.name, text.record.origin
        ('language', 'stand-in')
    """
    official = entry("ptb")
    if path is not None:
        found = {split: Found("folder", Path(path)) for split in official.members}
    else:
        found = find_texts(official, stand_in)
    if found is None:
        generated = language()
        return replace(generated, record=replace(generated.record, origin="stand-in"))
    texts = read_texts(found, official)
    return Text(**texts, record=official.record(texts, found["train"].origin))
