"""The reward at another sample."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline
from vilib.estimators.contract import evaluate

__all__ = ["SecondSample"]


class SecondSample(Baseline):
    """bₛ = f(z'ₛ) with z'ₛ ~ q drawn independently of zₛ, per datapoint.

    Right on average for each datapoint, with the noise of one sample. It costs one more evaluation
    of f per sample; leave-one-out with twice the samples uses the same evaluations better.

    Source: S. Mohamed, M. Rosca, M. Figurnov and A. Mnih, 2020, Monte Carlo Gradient Estimation in
        Machine Learning, https://arxiv.org/abs/1906.10652, section 7

    Example: a reward that does not depend on z is predicted without error.
        >>> from torch.distributions import Bernoulli
        >>> q = Bernoulli(logits=torch.zeros(2))
        >>> z = q.sample((1,))
        >>> SecondSample()(q, lambda z: 0 * z + 7.0, z, 0 * z + 7.0)
        tensor([[7., 7.]])
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """f at fresh samples, `[S, B]`, without gradient."""
        with torch.no_grad():
            return evaluate(q, f, q.sample((z.shape[0],)))
