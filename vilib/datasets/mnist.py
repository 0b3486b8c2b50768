"""MNIST and Fashion-MNIST: 70,000 grey pictures in four IDX files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from vilib.datasets.digits import as_stand_in
from vilib.datasets.download import verify
from vilib.datasets.error import DataError
from vilib.datasets.idx import parse_idx, read_binary
from vilib.datasets.images import Images, ImageSplit
from vilib.datasets.registry import Entry, entry
from vilib.datasets.source import Found, locate
from vilib.datasets.text_files import text_file

__all__ = ["fashion_mnist", "mnist"]

SIDE = 28
FILES = ("train_images", "train_labels", "test_images", "test_labels")
# the last pictures of the training files; the sets have no development split of their own
DEV = 10_000


def mnist(*, path: str | Path | None = None, stand_in: bool | None = None) -> Images:
    """Load MNIST: 50,000 / 10,000 / 10,000 handwritten digits of 28×28 pixels with labels.

    "dev" is the last 10,000 of the 60,000 training pictures. The files have the names of the
    original distribution (`train-images-idx3-ubyte` and so on), plain, .gz or .xz, in
    `VILIB_DATA/mnist/`, the user's cache, or at the public address. Where there are none the 8×8
    digits take their place, enlarged to 28×28, and a line on standard output says so.

    Args:
        path: A folder of your own with these files; then nothing is searched, and the checksums may
            be any.
        stand_in: None: the stand-in where nothing else is found. False: an error instead. True: the
            stand-in at once.

    Raises:
        DataError: A file is missing, truncated or malformed or has a wrong checksum, or nothing was
            found and `stand_in` is False.

    Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, 1998, Gradient-Based Learning Applied to
        Document Recognition, https://doi.org/10.1109/5.726791

    Example:
        >>> images = mnist(stand_in=True)
        >>> images.record.origin, images.size
        ('stand-in', (28, 28))
    """
    return load("mnist", path, stand_in)


def fashion_mnist(*, path: str | Path | None = None, stand_in: bool | None = None) -> Images:
    """Load Fashion-MNIST: 50,000 / 10,000 / 10,000 pictures of clothes of 28×28 pixels, labelled.

    Files, splits and stand-in are as in `mnist`; the folder is `VILIB_DATA/fashion_mnist/`.

    Args:
        path: As in `mnist`.
        stand_in: As in `mnist`.

    Raises:
        DataError: As in `mnist`.

    Source: H. Xiao, K. Rasul and R. Vollgraf, 2017, Fashion-MNIST: a Novel Image Dataset for
        Benchmarking Machine Learning Algorithms, https://arxiv.org/abs/1708.07747

    Example:
        >>> fashion_mnist(stand_in=True).record.name
        'digits'
    """
    return load("fashion_mnist", path, stand_in)


def load(name: str, path: str | Path | None, stand_in: bool | None) -> Images:
    """Either set."""
    official = entry(name)
    if path is not None:
        found = dict.fromkeys(FILES, Found("folder", Path(path)))
    else:
        found = find(official, stand_in)
    if found is None:
        return as_stand_in(SIDE)
    train = read_split(found, official, "train")
    dev = min(DEV, len(train) // 6)
    return assemble(
        official, found, train[:-dev], train[-dev:], read_split(found, official, "test")
    )


def assemble(
    official: Entry, found: dict[str, Found], train: ImageSplit, dev: ImageSplit, test: ImageSplit
) -> Images:
    """The splits with their record."""
    splits = {"train": train, "dev": dev, "test": test}
    return Images(**splits, record=official.record(splits, found["train_images"].origin))


def find(official: Entry, stand_in: bool | None) -> dict[str, Found] | None:
    """Where each of the four files is; None for the stand-in."""
    found = {}
    for key in FILES:
        # what lies at the public address is packed
        plain, packed = official.members[key], official.members[f"{key}.gz"]
        url = official.url + packed.name
        found[key] = locate(replace(official, url=url, file=packed, members={key: plain}), stand_in)
        if found[key].folder is None:
            return None
    return found


def read_split(found: dict[str, Found], official: Entry, split: str) -> ImageSplit:
    """Pictures and labels of one pair of files."""
    greys = read(found, official, f"{split}_images", (None, SIDE, SIDE))
    labels = read(found, official, f"{split}_labels", (len(greys),))
    pixels = torch.from_numpy(greys.astype(np.float32) / np.float32(255))
    return ImageSplit(pixels, torch.from_numpy(labels.astype(np.int64)))


def read(
    found: dict[str, Found], official: Entry, key: str, shape: tuple[int | None, ...]
) -> np.ndarray:
    """One file; what is malformed is told before a wrong checksum: it says more."""
    path, shown = text_file(found[key], official, key)
    content = read_binary(path, shown)
    numbers = parse_idx(content, shape, shown)
    if len(shape) == 1 and bool((numbers > 9).any()):
        place = int((numbers > 9).argmax())
        said = f"label {numbers[place]} at offset {8 + place:,}, expected a label 0–9"
        raise DataError(shown, said)
    if found[key].origin != "folder":
        verify(content, official.members[key], shown)
    return numbers
