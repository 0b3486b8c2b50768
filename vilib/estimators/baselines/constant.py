"""A number chosen beforehand."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline

__all__ = ["Constant"]


class Constant(Baseline):
    """b = `value`, the same for every datapoint and every batch.

    Args:
        value: The number to subtract, in the units of f.

    Source: R. J. Williams, 1992, Simple Statistical Gradient-Following Algorithms for Connectionist
        Reinforcement Learning, https://doi.org/10.1007/BF00992696

    Example: the best constant for one Bernoulli leaves no variance at all.
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import ScoreFunction
        >>> a = torch.zeros(4, requires_grad=True)
        >>> best = 0.5 * (2.0 + 10.0)  # f(0) = 2, f(1) = 10, p = 1/2
        >>> ScoreFunction(Constant(best))(Bernoulli(logits=a), lambda z: 2 + 8 * z).sum().backward()
        >>> a.grad.tolist()
        [2.0, 2.0, 2.0, 2.0]
    """

    def __init__(self, value: float) -> None:
        self.value = value

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """The constant, `[]`."""
        return torch.as_tensor(self.value, dtype=reward.dtype, device=reward.device)
