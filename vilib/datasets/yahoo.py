"""Yahoo answers as text for language models: the public validation and test files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vilib.datasets.language import language
from vilib.datasets.registry import entry
from vilib.datasets.source import Found
from vilib.datasets.text import Text
from vilib.datasets.text_files import find_texts, read_texts

__all__ = ["yahoo"]

TRAIN_SHARE = 0.8
NO_TRAIN = (
    "yahoo: no checksum is known of the public train.txt (100,000 documents), so it is not used; "
    "train and dev are the first 80 % and the rest of val.txt."
)


def yahoo(*, path: str | Path | None = None, stand_in: bool | None = None) -> Text:
    """Load questions with their answers, 20 to 200 words each: 8,000 / 2,000 / 10,000 documents.

    The public training file of 100,000 documents is *not* among them: no copy of it could be
    verified. Train and dev are cut from the validation file, and a line on standard output says so;
    results must not be compared with those of models that were trained on the whole. Unknown words
    are written _UNK. A number and a tab before a document, as in a later release, are passed over.

    Args:
        path: A folder of your own with `val.txt` and `test.txt`, plain, .gz or .xz; then nothing is
            searched, and the checksums may be any.
        stand_in: None: the generated `language` where nothing else is found. False: an error
            instead. True: the stand-in at once.

    Returns:
        The text.

    Raises:
        DataError: A file is missing, truncated or malformed or has a wrong checksum, or nothing was
            found and `stand_in` is False.

    Source: Z. Yang, Z. Hu, R. Salakhutdinov and T. Berg-Kirkpatrick, 2017, Improved Variational
        Autoencoders for Text Modeling using Dilated Convolutions, https://arxiv.org/abs/1702.08139

    Example:
        >>> text = yahoo(stand_in=True)
        >>> text.record.name, text.record.origin
        ('language', 'stand-in')
    """
    official = entry("yahoo")
    if path is not None:
        found = {split: Found("folder", Path(path)) for split in official.members}
    else:
        found = find_texts(official, stand_in)
    if found is None:
        generated = language()
        return replace(generated, record=replace(generated.record, origin="stand-in"))
    texts = read_texts(found, official, labelled=True)
    print(NO_TRAIN)
    cut = int(TRAIN_SHARE * len(texts["val"]))
    splits = {"train": texts["val"][:cut], "dev": texts["val"][cut:], "test": texts["test"]}
    return Text(**splits, record=official.record(splits, found["test"].origin))
