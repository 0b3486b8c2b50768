"""The reward at the mode of q."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Distribution

from vilib.estimators.baselines.baseline import Baseline
from vilib.estimators.contract import evaluate, innermost

__all__ = ["Argmax"]


class Argmax(Baseline):
    """b = f(argmax_z q(z)), per datapoint, at the price of one more evaluation of f.

    Known as self-critical training. It helps when the mode's reward is close to the mean reward;
    where they differ it can be worse than a constant.

    Requires: `q.mode`, for a vector of independent variables the vector of their modes. Where f is
    infinite at the mode, b is 0.

    Raises:
        ValueError: q has no mode, as a Uniform has none.

    Source: S. J. Rennie, E. Marcheret, Y. Mroueh, J. Ross and V. Goel, 2017, Self-critical Sequence
        Training for Image Captioning, https://arxiv.org/abs/1612.00563

    Example:
        >>> from torch.distributions import Bernoulli
        >>> q = Bernoulli(probs=torch.tensor([0.2, 0.9]))
        >>> z = q.sample((4,))
        >>> Argmax()(q, lambda z: 3 * z, z, 3 * z)
        tensor([[0., 3.]])
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """f at the mode of q, `[1, B]`, without gradient."""
        with torch.no_grad():
            b = evaluate(q, f, mode(q).unsqueeze(0))
            return b.where(b.isfinite(), 0.0)


def mode(q: Distribution) -> Tensor:
    """The most probable value, `[B, *event]`; 1 for a Bernoulli with p = 1/2."""
    z = q.mode
    if isinstance(innermost(q), Bernoulli):
        # torch answers NaN for that tie
        return z.where(~z.isnan(), 1.0)
    if z.isnan().any():
        raise ValueError(f"{q} has no mode that an argmax baseline could use")
    return z
