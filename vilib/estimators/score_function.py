"""The score-function estimator (REINFORCE), with or without a baseline."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline
from vilib.estimators.contract import Estimator, evaluate, finite

__all__ = ["ScoreFunction"]


class ScoreFunction(Estimator):
    """f stays a black box: only log q is differentiated.

    Approximates: ∇ E_q[f(z)] = E_q[f(z) ∇ log q(z) + ∇ f(z)].

    With: 1/S ∑ₛ (f(zₛ) - bₛ) ∇ log q(zₛ) + ∇ f(zₛ), zₛ ~ q. A baseline bₛ that does not depend on
    zₛ changes the variance but not the mean, because E_q[∇ log q(z)] = 0.

    Requires: q.log_prob differentiable in its parameters; nothing of f; discrete or continuous z.

    Args:
        baseline: One of `vilib.estimators.baselines`, or None for b = 0.

    Raises:
        ValueError: f does not return `[S, B]`.

    Source: R. J. Williams, 1992, Simple Statistical Gradient-Following Algorithms for Connectionist
        Reinforcement Learning, https://doi.org/10.1007/BF00992696; R. Ranganath, S. Gerrish and
        D. M. Blei, 2014, Black Box Variational Inference, https://arxiv.org/abs/1401.0118

    Example: f is not differentiable, its value is the surrogate's.
        >>> import torch
        >>> from torch.distributions import Bernoulli, Independent
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(1, 3, requires_grad=True)  # B = 1, D = 3
        >>> q = Independent(Bernoulli(logits=a), 1)
        >>> surrogate = ScoreFunction()(q, lambda z: (z.sum(-1) > 1).float(), num_samples=10_000)
        >>> surrogate.sum().backward()
        >>> bool(((a.grad - 0.125).abs() < 0.02).all())  # the exact gradient is 1/8 each
        True
    """

    def __init__(self, baseline: Baseline | None = None) -> None:
        self.baseline = baseline

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The surrogate, `[B]`."""
        # a copy: transforms that cache would know the sample again, and where it came from
        z = q.sample((num_samples,)).clone()  # [S, B, *event]
        values = evaluate(q, f, z)  # [S, B]
        reward = values.detach()
        if self.baseline is not None:
            reward = self.baseline.advantage(q, f, z, reward)
        log_q = q.log_prob(z)
        # x - x is exactly 0: the second term has a gradient and no value
        return (values + finite(reward) * (log_q - log_q.detach())).mean(0)
