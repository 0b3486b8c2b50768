"""Sum over the k likeliest values, sample the rest."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline
from vilib.estimators.contract import Estimator, evaluate, finite
from vilib.estimators.k_likeliest import k_likeliest
from vilib.exact.expectation import weighted_sum

__all__ = ["SumAndSample"]


class SumAndSample(Estimator):
    """The likeliest values count exactly; chance decides only about what is left.

    Approximates: ∇ E_q[f(z)] = ∑_{z∈C} ∇(q(z) f(z)) + ∑_{z∉C} ∇(q(z) f(z)), C the k likeliest.

    With: ∑_{z∈C} ∇(q(z) f(z)) + r/S ∑ₛ [(f(zₛ) - bₛ) ∇log q(zₛ) + ∇f(zₛ)] + b̄ ∇r, where
    r = 1 - ∑_{z∈C} q(z) and zₛ ~ q(z) / r outside C. The last term gives back what the baseline
    takes: outside C the scores do not cancel, r E[∇log q] = ∇r.

    Its value is ∑_{z∈C} q(z) f(z) + r/S ∑ₛ f(zₛ). By Rao and Blackwell its variance is at most r
    times that of the score function with S samples (with no baseline, or a constant one), and 0
    where C is everything.

    Requires: a discrete q with finitely many values, one variable or independent ones. f is called
    once, with k + S values. Those of C need no score: their weights q(z) are differentiated.

    Args:
        k: How many values are summed.
        baseline: One of `vilib.estimators.baselines` for the sampled part, or None for b = 0.

    Raises:
        ValueError: k < 1, the support is not finite, or f does not return `[k + S, B]`.

    Source: R. Liu, J. Regier, N. Tripuraneni, M. I. Jordan and J. McAuliffe, 2019,
        Rao-Blackwellized Stochastic Gradients for Discrete Distributions,
        https://arxiv.org/abs/1810.04777

    Example: two values hold 99 % of the mass; one sample has 1 % of the weight.
        >>> from torch.distributions import Categorical
        >>> _ = torch.manual_seed(1)
        >>> a = torch.tensor([[0.3, 0.69, 0.005, 0.005]]).log().requires_grad_()
        >>> table = torch.tensor([0.0, 1.0, 2.0, 2.0])
        >>> surrogate = SumAndSample(k=2)(Categorical(logits=a), lambda z: table[z])
        >>> surrogate.detach(), torch.autograd.grad(surrogate.sum(), a)[0][0, :2]
        (tensor([0.7100]), tensor([-0.2130,  0.2001]))
    """

    def __init__(self, k: int = 1, baseline: Baseline | None = None) -> None:
        self.k, self.baseline = k, baseline

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The surrogate, `[B]`."""
        z, log_q, rest = k_likeliest(q, self.k)  # [n, B, *event], [n, B]
        if rest.empty:
            return weighted_sum(log_q, evaluate(q, f, z))
        if num_samples < 1:
            raise ValueError("num_samples must be at least 1")
        n, drawn = len(z), rest.sample(num_samples)
        values = evaluate(q, f, torch.cat([z, drawn]))  # [n + S, B]
        summed, sampled = values[:n], values[n:]
        reward, score = sampled.detach(), q.log_prob(drawn)
        advantage, b = reward, 0.0
        if self.baseline is not None:
            advantage = self.baseline.advantage(q, f, drawn, reward)
            b = (reward - advantage).mean(0)
        mass = log_q.exp().sum(0)  # ∇r = -∇mass
        sampled = sampled + finite(advantage) * (score - score.detach())
        given_back = b * (mass.detach() - mass)
        return weighted_sum(log_q, summed) + rest.mass * sampled.mean(0) + given_back
