"""Estimators under noise that the test chose, and exact moments by quadrature over all noise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.estimators.measure import Moments, estimates
from tests.estimators.problems import Problem
from vilib.estimators import Estimator
from vilib.estimators.relaxation import BernoulliRelaxation, OneHotRelaxation


@contextmanager
def forced(*noises: Tensor) -> Iterator[None]:
    """The relaxations draw these tensors `[S, B, *event]`, in this order, and no others."""
    queue = iter(noises)
    with pytest.MonkeyPatch.context() as patch:
        for kind in (BernoulliRelaxation, OneHotRelaxation):
            patch.setattr(kind, "noise", lambda self, num_samples: next(queue))
        yield
    assert next(queue, None) is None, "less noise was drawn than expected"


rule = lru_cache(np.polynomial.legendre.leggauss)


def nodes(low: float, high: float, num: int) -> tuple[Tensor, Tensor]:
    """Gauss-Legendre nodes and weights on [low, high], float64."""
    x, w = (torch.as_tensor(t, device="cpu") for t in rule(num))
    return low + (high - low) * (x + 1) / 2, w * (high - low) / 2


def by_quadrature(estimator: Estimator, problem: Problem, draws: int = 2, num: int = 80) -> Moments:
    """Moments of the gradient for one Bernoulli, by integration over its uniform noise.

    The first noise decides z, with a jump at u = 1 - p: each side is integrated by itself. The
    second, where there is one, is smooth.
    """
    a = problem.leaves[0].double().item()
    jump = 1 / (1 + np.exp(a))
    pieces = [nodes(0, jump, num), nodes(jump, 1, num)]
    u, w = (torch.cat(parts) for parts in zip(*pieces))
    grid = [u.logit()[None]]
    if draws == 2:
        v, w_v = nodes(0, 1, num)
        grid = [t.logit().flatten()[None] for t in torch.meshgrid(u, v, indexing="ij")]
        w = (w[:, None] * w_v).flatten()
    with forced(*(t.to(problem.leaves[0]) for t in grid)):
        g = estimates(estimator, problem, 1, len(w)).cpu()
    mean = w @ g
    return Moments(mean, w @ g**2 - mean**2, len(w))
