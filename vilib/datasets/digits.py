"""1,797 handwritten digits of 8×8 pixels: small enough to train on anywhere, always there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from vilib.datasets.download import verify
from vilib.datasets.images import SPLITS, Images, ImageSplit
from vilib.datasets.registry import entry

__all__ = ["digits"]

SIZES = (1297, 200, 300)
# splits are the same for everyone: results on them can be compared
ORDER_SEED = 20


def digits(*, size: int = 8) -> Images:
    """Load the digits that come with scikit-learn: 1,297 / 200 / 300 pictures with labels.

    Each pixel is the share of ink in a 4×4 cell of a larger scan, in steps of 1/16. The pictures
    are shuffled once and for all: in the file those of one writer stand together.

    Args:
        size: Height and width; a multiple of 8 repeats pixels, so that the digits can stand in for
            larger pictures, and what is left over is a margin of paper.

    Raises:
        ValueError: The size is below 8.
        DataError: This scikit-learn brings other digits.

    Source: E. Alpaydin and C. Kaynak, 1998, Optical Recognition of Handwritten Digits, UCI Machine
        Learning Repository, https://doi.org/10.24432/C50P49; the test part, as scikit-learn has it.

    Example:
        >>> images = digits()
        >>> images.record.split_sizes, images.train.flat.shape
        ({'train': 1297, 'dev': 200, 'test': 300}, torch.Size([1297, 64]))
        >>> images.train.label[:6]
        tensor([0, 7, 9, 5, 8, 1])
    """
    if size < 8:
        raise ValueError(f"size is {size}, expected at least 8 pixels")
    # imported here, because the import takes half a second
    from sklearn.datasets import load_digits

    known, found = entry("digits"), load_digits()
    sixteenths, label = found.data.astype(np.uint8), found.target.astype(np.uint8)
    verify(sixteenths.tobytes() + label.tobytes(), known.file, "scikit-learn's digits")
    everything = ImageSplit(
        enlarge(torch.from_numpy(sixteenths).view(-1, 8, 8).float() / 16, size),
        torch.from_numpy(label).long(),
    )
    shuffled = everything[torch.from_numpy(order(len(label)))]
    ends = np.cumsum((0, *SIZES))
    splits = {name: shuffled[a:b] for name, a, b in zip(SPLITS, ends, ends[1:], strict=False)}
    return Images(**splits, record=known.record(splits, "embedded"))


def order(count: int) -> np.ndarray:
    """The order in which the splits are cut; NumPy promises never to change this generator."""
    return np.random.RandomState(ORDER_SEED).permutation(count)


def enlarge(pixels: torch.Tensor, size: int) -> torch.Tensor:
    """Pictures `[N, 8, 8]` as `[N, size, size]`: pixels repeated, paper around them."""
    factor = size // 8
    large = pixels.repeat_interleave(factor, 1).repeat_interleave(factor, 2)
    before = (size - 8 * factor) // 2
    after = size - 8 * factor - before
    return torch.nn.functional.pad(large, (before, after, before, after))


def as_stand_in(size: int) -> Images:
    """The digits in the place of a larger data set that is not at hand."""
    images = digits(size=size)
    return replace(images, record=replace(images.record, origin="stand-in"))
