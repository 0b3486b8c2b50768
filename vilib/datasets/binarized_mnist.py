"""MNIST with its coins thrown: the fixed binarisation that likelihoods are compared on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from vilib.datasets.digits import as_stand_in
from vilib.datasets.download import verify
from vilib.datasets.error import DataError
from vilib.datasets.images import SPLITS, Images, ImageSplit
from vilib.datasets.registry import Entry, entry
from vilib.datasets.source import Found
from vilib.datasets.text_files import find_texts, text_file
from vilib.datasets.unpack import unpack

__all__ = ["binarized_mnist", "parse_amat"]

SIDE = 28
# 784 digits, the blanks between them, and the line's end
WIDTH = 2 * SIDE**2


def binarized_mnist(*, path: str | Path | None = None, stand_in: bool | None = None) -> Images:
    """Load the binarised MNIST: 50,000 / 10,000 / 10,000 pictures of zeros and ones, no labels.

    The files are `binarized_mnist_train.amat`, `…_valid.amat` ("dev") and `…_test.amat`, plain,
    .gz or .xz, in `VILIB_DATA/binarized_mnist/`, the user's cache, or at the public address. The
    test file is sorted by class: shuffle before you take a part of it. Where there are no files the
    8×8 digits take their place, enlarged to 28×28 and binarised once, and a line says so.

    Args:
        path: A folder of your own with these files; then nothing is searched, and the checksums may
            be any.
        stand_in: None: the stand-in where nothing else is found. False: an error instead. True: the
            stand-in at once.

    Raises:
        DataError: A file is missing, truncated or malformed or has a wrong checksum, or nothing was
            found and `stand_in` is False.

    Source: R. Salakhutdinov and I. Murray, 2008, On the Quantitative Analysis of Deep Belief
        Networks, https://doi.org/10.1145/1390156.1390266; the files: H. Larochelle and I. Murray,
        2011, The Neural Autoregressive Distribution Estimator, https://proceedings.mlr.press/v15

    Example:
        >>> images = binarized_mnist(stand_in=True)
        >>> images.grey, images.record.origin, images.test.label[:3].tolist()
        (False, 'stand-in', [-1, -1, -1])
    """
    official = entry("binarized_mnist")
    if path is not None:
        found = {split: Found("folder", Path(path)) for split in official.members}
    else:
        found = find_texts(official, stand_in)
    if found is None:
        images = as_stand_in(SIDE).binarised()
        hidden = {name: unlabelled(images[name].pixels) for name in SPLITS}
        return replace(images, **hidden)
    splits = {split: read(found, official, split) for split in SPLITS}
    record = official.record(splits, found["train"].origin)
    return Images(**splits, record=record, grey=False)


def read(found: dict[str, Found], official: Entry, split: str) -> ImageSplit:
    """One file; a malformed line is told before a wrong checksum: it says more."""
    path, shown = text_file(found[split], official, split)
    content = unpack(path, shown)
    rows = parse_amat(content, shown)
    if found[split].origin != "folder":
        verify(content, official.members[split], shown)
    return unlabelled(torch.from_numpy(rows.astype(np.float32)).unflatten(1, (SIDE, SIDE)))


def unlabelled(pixels: torch.Tensor) -> ImageSplit:
    """Pictures without labels."""
    return ImageSplit(pixels, torch.full((len(pixels),), -1))


def parse_amat(content: bytes, shown: str = "amat") -> np.ndarray:
    """Rows of 784 digits 0 or 1 with single blanks between them.

    Args:
        content: The whole file, unpacked.
        shown: Its name in errors.

    Returns:
        uint8 array of zeros and ones, `[N, 784]`.

    Raises:
        DataError: A line is too short, too long or holds something else; the message names it. Or
            it is no text, but a MATLAB file of the same name.

    Example:
        >>> parse_amat(b"0 1 0\\n", "test.amat")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: test.amat, line 1: 3 numbers, expected 784 ...
    """
    if content.startswith(b"MATLAB"):
        raise DataError(shown, "a MATLAB file, expected lines of 784 zeros and ones")
    flat = np.frombuffer(content, np.uint8)
    if len(flat) and len(flat) % WIDTH == 0:
        table = flat.reshape(-1, WIDTH)
        ends = (table[:, -1] == ord("\n")).all() and (table[:, 1:-1:2] == ord(" ")).all()
        digits = table[:, ::2] - np.uint8(ord("0"))
        if ends and digits.max() <= 1:
            return digits
    raise first_fault(content, shown)


def first_fault(content: bytes, shown: str) -> DataError:
    """The error for the first line that is not as it should be."""
    wanted = f"expected {SIDE**2} digits 0 or 1 with single blanks between them"
    lines = content.split(b"\n")
    if not content:
        return DataError(shown, f"empty file, {wanted}", 1)
    for number, line in enumerate(lines, start=1):
        if number == len(lines) and not line:
            break
        words = line.split(b" ")
        odd = [word.decode("latin-1") for word in words if word not in (b"0", b"1")]
        if odd:
            return DataError(shown, f"{odd[0]!r} in the line, {wanted}", number)
        if len(line) != WIDTH - 1:
            return DataError(shown, f"{len(words)} numbers, {wanted}", number)
    return DataError(shown, f"no line end at the end, {wanted}", len(lines))
