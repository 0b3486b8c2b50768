"""Omniglot: handwritten characters of eight alphabets, each drawn by twenty people."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from vilib.datasets.digits import as_stand_in
from vilib.datasets.download import verify
from vilib.datasets.error import DataError
from vilib.datasets.images import SPLITS, Images, ImageSplit
from vilib.datasets.registry import Entry, entry
from vilib.datasets.source import Found
from vilib.datasets.text_files import find_texts, text_file
from vilib.datasets.unpack import DAMAGE, reason

__all__ = ["omniglot"]

SIDE, ORIGINAL = 28, (105, 105)
# alphabet / character / drawing _ drawer
DRAWING = re.compile(r".*?/(?P<character>[^/]+/character\d+)/\d+_(?P<drawer>\d+)\.png")
# drawers 1 to 16 are train, 17 and 18 dev, 19 and 20 test
LAST_DRAWER = {"train": 16, "dev": 18, "test": 20}


def omniglot(*, path: str | Path | None = None, stand_in: bool | None = None) -> Images:
    """Load the two small background sets: 3,872 / 484 / 484 drawings of 242 characters.

    The drawings have 105×105 pixels of ink or paper. They are made smaller to 28×28 by averaging
    the pixels under each new one, so that pixels are greys. Two alphabets stand in both archives
    and are taken once. Splits are by *drawer*: sixteen train, two dev, two test; labels number the
    characters. This is not the 28×28 set on which published likelihoods are given.

    The files are `images_background_small1.zip` and `…_small2.zip`, in `VILIB_DATA/omniglot/`, the
    user's cache, or at the public address. Where they are not the 8×8 digits take their place,
    enlarged to 28×28, and a line on standard output says so.

    Args:
        path: A folder of your own with these files; then nothing is searched, and the checksums may
            be any.
        stand_in: None: the stand-in where nothing else is found. False: an error instead. True: the
            stand-in at once.

    Raises:
        DataError: A file is missing, damaged or malformed or has a wrong checksum, or nothing was
            found and `stand_in` is False.

    Source: B. M. Lake, R. Salakhutdinov and J. B. Tenenbaum, 2015, Human-level Concept Learning
        through Probabilistic Program Induction, https://doi.org/10.1126/science.aab3050

    Example:
        >>> omniglot(stand_in=True).record.origin
        'stand-in'
    """
    official = entry("omniglot")
    if path is not None:
        found = {part: Found("folder", Path(path)) for part in official.members}
    else:
        found = find_texts(official, stand_in)
    if found is None:
        return as_stand_in(SIDE)
    drawings: dict[tuple[str, int], np.ndarray] = {}
    for part, place in found.items():
        drawings |= read_archive(place, official, part)
    return assemble(official, drawings, next(iter(found.values())).origin)


def read_archive(place: Found, official: Entry, part: str) -> dict[tuple[str, int], np.ndarray]:
    """(alphabet and character, drawer) → grey picture, of one archive."""
    path, shown = text_file(place, official, part)
    content = path.read_bytes()
    if place.origin != "folder":
        verify(content, official.members[part], shown)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except DAMAGE as error:
        said = f"{reason(error)} ({len(content):,} bytes), expected a whole zip archive"
        raise DataError(shown, said) from error
    with archive:
        found = {}
        for name in archive.namelist():
            if match := DRAWING.fullmatch(name):
                key = match["character"], int(match["drawer"])
                found[key] = read_drawing(archive, name, f"{shown}/{name}")
    if not found:
        raise DataError(shown, "no drawing in it, expected <alphabet>/character<NN>/<id>_<NN>.png")
    return found


def read_drawing(archive: zipfile.ZipFile, name: str, shown: str) -> np.ndarray:
    """One drawing as greys, 1 for ink, `[28, 28]` float32."""
    try:
        picture = Image.open(BytesIO(archive.read(name)))
        if picture.size != ORIGINAL:
            size = " x ".join(map(str, picture.size))
            raise DataError(shown, f"a picture of {size} pixels, expected 105 x 105")
        # of the colours only: 0 is ink in the files
        small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    except (*DAMAGE, SyntaxError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(shown, f"{reason(error)}, expected a whole PNG picture") from error
    return 1 - np.asarray(small, np.float32) / 255


def assemble(official: Entry, drawings: dict[tuple[str, int], np.ndarray], origin: str) -> Images:
    """Splits by drawer, characters in order."""
    characters = {name: n for n, name in enumerate(sorted({name for name, _ in drawings}))}
    splits, first = {}, 1
    for split in SPLITS:
        last = LAST_DRAWER[split]
        keys = sorted(key for key in drawings if first <= key[1] <= last)
        if not keys:
            raise DataError(official.name, f"no drawing by drawers {first} to {last}")
        pixels = torch.from_numpy(np.stack([drawings[key] for key in keys]))
        splits[split] = ImageSplit(pixels, torch.tensor([characters[name] for name, _ in keys]))
        first = last + 1
    return Images(**splits, record=official.record(splits, origin))
