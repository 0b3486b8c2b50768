"""Moments of an estimator without any Monte Carlo error: the noise behind its samples is forced.

Uniform numbers: bits jump at u = p and u = 1 - p only, and between the jumps no estimator here is
more than linear in u, so two Gauss-Legendre nodes a piece give mean and variance exactly.
Gaussian numbers: many nodes between -8.5 and 8.5 (Gauss-Hermite nodes converge more slowly here).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.estimators.measure import Moments
from tests.estimators.problems import Problem, categorical_vae, ladder, vae
from vilib.estimators import Estimator
from vilib.estimators.contract import innermost


def named(name: str) -> Problem:
    """A VAE, "vae" or "categorical_vae", or a rung of the ladder as "family-rung"."""
    vaes = {"vae": vae, "categorical_vae": categorical_vae}
    return vaes[name]() if name in vaes else ladder(*name.split("-"))


def heads(problem: Problem) -> Tensor:
    """q(z = 1) of a problem's bits, which the uniform numbers are compared with, `[D]` or `[]`."""
    return innermost(problem.build(1)[0]).probs[0].detach().double()


def pieces(p: float) -> tuple[Tensor, Tensor]:
    """Nodes and weights for u in [0, 1] with jumps at p and 1 - p, `[6]` each."""
    low, high = min(p, 1 - p), max(p, 1 - p)
    ends = torch.tensor([0.0, low, high, 1.0], dtype=torch.double)
    middle, half = (ends[:-1] + ends[1:]) / 2, (ends[1:] - ends[:-1]) / 2
    u = middle + half * torch.tensor([[-1.0], [1.0]], dtype=torch.double) / 3**0.5
    return u.flatten(), half.expand(2, -1).flatten()


def gaussian(num: int) -> tuple[Tensor, Tensor]:
    """Nodes and weights for a standard Gaussian number, `[num]` each."""
    x, w = (8.5 * torch.as_tensor(a) for a in np.polynomial.legendre.leggauss(num))
    return x, w * (-(x**2) / 2).exp() / (2 * math.pi) ** 0.5


def grid(nodes: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """The tensor product: points `[N, len(nodes)]` and weights `[N]`."""
    points = torch.cartesian_prod(*(n[0] for n in nodes)).reshape(-1, len(nodes))
    weights = torch.cartesian_prod(*(n[1] for n in nodes)).reshape(-1, len(nodes)).prod(-1)
    return points, weights


@contextmanager
def forced_rand(u: Tensor) -> Iterator[None]:
    """`torch.rand` returns u, after a check that so many numbers were asked for."""

    def rand(*shape: int, dtype: torch.dtype, device: torch.device) -> Tensor:
        assert tuple(shape) == u.shape
        return u.to(device, dtype)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "rand", rand)
        yield


@contextmanager
def forced_normal(noise: Tensor) -> Iterator[None]:
    """`Normal.rsample` uses `noise`, after a check of its shape."""

    def standard_normal(shape: tuple, dtype: torch.dtype, device: torch.device) -> Tensor:
        assert tuple(shape) == noise.shape
        return noise.to(device, dtype)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("torch.distributions.normal._standard_normal", standard_normal)
        yield


def per_copy(
    estimator: Estimator, problem: Problem, samples: int, copies: int
) -> tuple[Tensor, Tensor]:
    """Values `[copies]` and gradients `[copies, P]`, one for each copy of the datapoint."""
    q, f, leaves = problem.build(copies)
    surrogate = estimator(q, f, samples)
    grads = torch.autograd.grad(surrogate.sum(), leaves, allow_unused=True, materialize_grads=True)
    gradients = torch.cat([g.reshape(copies, -1) for g in grads], 1)
    return surrogate.detach().double(), gradients.double()


def by_pieces(estimator: Estimator, problem: Problem, p: Tensor, pairs: int = 1) -> Moments:
    """Moments of an antithetic estimator whose uniform numbers are compared with p."""
    u, weights = grid([pieces(v) for v in p.flatten().tolist()] * pairs)
    u = u.reshape(len(u), pairs, *p.shape).transpose(0, 1)  # [S/2, N, *p.shape]
    with forced_rand(u):
        _, g = per_copy(estimator, problem, 2 * pairs, u.shape[1])
    return weighted_moments(g, weights)


def by_nodes(
    estimator: Estimator, problem: Problem, samples: int, num: int = 140
) -> tuple[float, Moments]:
    """Mean of the value and moments of the gradient, for one Gaussian number per sample."""
    noise, weights = grid([gaussian(num)] * samples)
    with forced_normal(noise.T[..., None]):  # [S, N, 1]
        values, g = per_copy(estimator, problem, samples, len(noise))
    return (weights.to(values) * values).sum().item(), weighted_moments(g, weights)


def weighted_moments(g: Tensor, weights: Tensor) -> Moments:
    """Weighted mean and variance over the first axis."""
    weights = weights[:, None].to(g)
    mean = (weights * g).sum(0)
    return Moments(mean, (weights * (g - mean) ** 2).sum(0), len(g))


def assert_close(found: Tensor, truth: Tensor, problem: Problem) -> None:
    """Equal up to rounding in the dtype of the problem."""
    truth = truth.double()
    rounding = 1e3 * torch.finfo(problem.leaves[0].dtype).eps * (1 + truth.norm())
    gap = (found - truth).abs().max()
    assert gap <= rounding, f"{problem.name}: off by {gap:.2g}"
