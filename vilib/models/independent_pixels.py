"""The control of every VAE: a model of pictures without a latent variable."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["IndependentPixels"]


class IndependentPixels:
    """Every pixel is ink with a probability of its own, whatever the others are.

    It is what a VAE becomes whose decoder ignores z. Its log p(x) is exact, so a bound of a VAE
    that lies above it has found something that holds pixels together.

    Args:
        pixels: Zeros and ones, or greys that stand for shares of ink, `[N, P]`.

    Example: one of two pictures has ink in the first pixel; two more are imagined, one with ink.
        >>> control = IndependentPixels(torch.tensor([[1.0, 0.0], [0.0, 0.0]]))
        >>> control.ink
        tensor([0.5000, 0.2500])
    """

    def __init__(self, pixels: Tensor) -> None:
        # add-one smoothing: a pixel that was never ink in training may be so in a test picture
        self.ink = (pixels.sum(0) + 1) / (len(pixels) + 2)

    def log_prob(self, x: Tensor) -> Tensor:
        """Log p(x) in nats of zeros and ones `[B, P]` → `[B]`."""
        return torch.where(x > 0.5, self.ink.log(), (1 - self.ink).log()).sum(-1)
