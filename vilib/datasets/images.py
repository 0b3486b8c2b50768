"""Pictures as numbers: three splits, their labels, and zeros and ones made of greys."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vilib.datasets.record import DatasetRecord

__all__ = ["ImageSplit", "Images", "binarise"]

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class ImageSplit:
    """The pictures of one split.

    Args:
        pixels: 0 is paper, 1 is ink, `[N, H, W]` float32.
        label: Class of each picture, −1 where nobody knows it, `[N]` int64.

    Example:
        >>> split = ImageSplit(torch.zeros(5, 8, 8), torch.arange(5))
        >>> len(split), split.flat.shape, split[:2].label.tolist()
        (5, torch.Size([5, 64]), [0, 1])
    """

    pixels: Tensor
    label: Tensor

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self.pixels)

    def __getitem__(self, which: slice | Tensor) -> ImageSplit:
        """Some of the pictures, with their labels."""
        return ImageSplit(self.pixels[which], self.label[which])

    @property
    def flat(self) -> Tensor:
        """The pictures as rows, `[N, H·W]`."""
        return self.pixels.flatten(1)


@dataclass(frozen=True)
class Images:
    """A data set of pictures.

    Args:
        train: To learn from.
        dev: To choose with.
        test: To report on.
        record: Where they come from.
        grey: Whether pixels are greys in [0, 1]; False if they are all 0 or 1.
    """

    train: ImageSplit
    dev: ImageSplit
    test: ImageSplit
    record: DatasetRecord
    grey: bool = True

    def __getitem__(self, split: str) -> ImageSplit:
        """A split by its name: "train", "dev" or "test"."""
        if split not in SPLITS:
            raise KeyError(f"no split {split!r}; there are {', '.join(SPLITS)}")
        return getattr(self, split)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return tuple(self.train.pixels.shape[1:])

    def binarised(self, seed: int = 1) -> Images:
        """The *fixed* binarisation: every pixel is drawn once, and stays.

        Pictures that are zeros and ones already come back as they are.

        Args:
            seed: The same seed gives the same zeros and ones, whatever was drawn before.

        Example:
            >>> from vilib.datasets import digits
            >>> fixed = digits().binarised()
            >>> fixed.grey, fixed.train.pixels.unique().tolist()
            (False, [0.0, 1.0])
        """
        if not self.grey:
            return self
        generator = torch.Generator().manual_seed(seed)
        drawn = {
            name: replace(self[name], pixels=binarise(self[name].pixels, generator))
            for name in SPLITS
        }
        return replace(self, **drawn, grey=False)


def binarise(grey: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """The *fresh* binarisation: x ~ Bernoulli(grey) for every pixel, anew at each call.

    Greys of 0 and 1 stay what they are, so that zeros and ones come back unchanged.

    Args:
        grey: Numbers in [0, 1], `[...]`.
        generator: Source of the draws, on the greys' device; None takes torch's own, under the
            seed that the caller set.

    Returns:
        Zeros and ones, `[...]`, of the dtype and on the device of the greys.

    Example:
        >>> binarise(torch.tensor([0.0, 1.0]))
        tensor([0., 1.])
    """
    return torch.bernoulli(grey, generator=generator)
