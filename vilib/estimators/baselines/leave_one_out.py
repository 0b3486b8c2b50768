"""The mean reward of the other samples."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline

__all__ = ["LeaveOneOut"]


class LeaveOneOut(Baseline):
    """bₛ = 1/(S-1) ∑_{r≠s} f(z_r), per datapoint: every sample is baseline to the others.

    No state, and no evaluation of f beyond the S that are made anyway. A mean that included zₛ
    itself would shrink the score term by the factor (S-1)/S.

    Requires: S ≥ 2.

    Raises:
        ValueError: One sample only.

    Source: W. Kool, H. van Hoof and M. Welling, 2019, Buy 4 REINFORCE Samples, Get a Baseline for
        Free!, https://openreview.net/forum?id=r1lgTGL5DE

    Example: three samples with rewards 0, 3 and 6.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> q, z = Bernoulli(logits=torch.zeros(1)), torch.zeros(3, 1)
        >>> LeaveOneOut()(q, lambda z: z, z, torch.tensor([[0.0], [3.0], [6.0]]))
        tensor([[4.5000],
                [3.0000],
                [1.5000]])
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """The mean over the other samples, `[S, B]`."""
        S = reward.shape[0]
        if S < 2:
            raise ValueError("leave-one-out needs num_samples of at least 2")
        return (reward.sum(0) - reward) / (S - 1)
