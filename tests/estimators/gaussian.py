"""A Gaussian latent variable, its log weight and its exact IWAE bound."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, Normal

from tests.estimators.problems import Function, Problem
from vilib import exact

X = 1.3
Q = (0.2, -0.6)  # mean and log standard deviation of q


def normal(mean: Tensor, log_scale: Tensor) -> Distribution:
    """q with batch shape [B] and event shape [1]."""
    return Independent(Normal(mean[:, None], log_scale.exp()[:, None]), 1)


def log_joint(z: Tensor, w: Tensor) -> Tensor:
    """log p(x, z), `[S, B]`: z ~ N(0, 1) and x ~ N(w z + z²/4, .7²), so no Gaussian posterior."""
    z = z[..., 0]
    prior, likelihood = Normal(0.0, 1.0), Normal(w * z + z**2 / 4, 0.7)
    return prior.log_prob(z) + likelihood.log_prob(torch.tensor(X))


def curved() -> Problem:
    """f = log p(x, z) - log q(z); parameters: q's two, and the decoder's w."""

    def make(mean: Tensor, log_scale: Tensor, w: Tensor) -> tuple[Distribution, Function]:
        q = normal(mean, log_scale)
        return q, lambda z: log_joint(z, w) - q.log_prob(z)

    return Problem("curved", parameters(), make, nodes())


def without_log_q() -> Problem:
    """f has no term -log q(z), but depends on q's mean by itself."""

    def make(mean: Tensor, log_scale: Tensor, w: Tensor) -> tuple[Distribution, Function]:
        return normal(mean, log_scale), lambda z: log_joint(z, w) / 2 + mean * z[..., 0].sin()

    return Problem("without log q", parameters(), make, nodes())


def solved() -> Problem:
    """x ~ N(w z, 1) with w = 1, and q the exact posterior N(x/2, 1/2)."""
    return linear(torch.tensor(X / 2), torch.tensor(0.5).log() / 2)


def wide() -> Problem:
    """The same with a q wider than the posterior and beside it: log weights are bounded above."""
    return linear(torch.tensor(0.2), torch.tensor(0.1))


def linear(mean: Tensor, log_scale: Tensor) -> Problem:
    """x ~ N(w z, 1) with w = 1."""

    def make(mean: Tensor, log_scale: Tensor, w: Tensor) -> tuple[Distribution, Function]:
        q, x = normal(mean, log_scale), torch.tensor(X)

        def f(z: Tensor) -> Tensor:
            y = z[..., 0]
            likelihood = Normal(w * y, 1.0).log_prob(x)
            return Normal(0.0, 1.0).log_prob(y) + likelihood - q.log_prob(z)

        return q, f

    return Problem("linear", (mean, log_scale, torch.tensor(1.0)), make, nodes())


def parameters() -> tuple[Tensor, ...]:
    return torch.tensor(Q[0]), torch.tensor(Q[1]), torch.tensor(0.9)


def nodes(num: int = 250) -> exact.Points:
    """Quadrature nodes for z."""
    points = exact.quadrature(-7.0, 7.0, num)
    return exact.Points(points.values[:, None], points.log_weights)


def iwae_and_gradient(problem: Problem, samples: int) -> tuple[float, Tensor]:
    """The exact bound of one datapoint, and its exact gradient `[P]`."""
    q, f, leaves = problem.build(1)
    bound = exact.iwae(q, f, samples, problem.points)
    grads = torch.autograd.grad(bound.sum(), leaves, allow_unused=True, materialize_grads=True)
    return bound.item(), torch.cat([g.flatten() for g in grads]).double()
