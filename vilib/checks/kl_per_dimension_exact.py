"""The KL of a Gaussian posterior to N(0, I), dimension by dimension."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.distributions import Normal

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed

__all__ = ["kl_per_dimension_is_exact"]

WHAT = "KL(q(z_d|x) ‖ N(0, 1)), one number per sentence and dimension"


@careful
def kl_per_dimension_is_exact(
    kl_per_dimension: Callable[[Tensor, Tensor], Tensor], *, seed: int, num_dimensions: int = 3
) -> None:
    """Check ½ (μ² + σ² − log σ² − 1) against quadrature, with nothing summed or averaged.

    Args:
        kl_per_dimension: Maps mean `[B, D]` and log variance `[B, D]` to `[B, D]`, in nats.
        seed: Draws both.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> kl_per_dimension_is_exact(lambda m, a: 0.5 * (m**2 + a.exp() - a - 1), seed=1)
        ✓ the KL of every dimension agrees with quadrature, and is 0 where q is the prior
    """
    generator = torch.Generator().manual_seed(seed)
    mean = 1.5 * torch.randn(4, num_dimensions, generator=generator, dtype=torch.double)
    log_variance = 2 * torch.rand(4, num_dimensions, generator=generator, dtype=torch.double) - 2.5
    mean[0], log_variance[0] = 0.0, 0.0
    yours = kl_per_dimension(mean.clone(), log_variance.clone())
    expect(WHAT, yours, by_quadrature(mean, log_variance), known_mistakes(mean, log_variance))
    passed("the KL of every dimension agrees with quadrature, and is 0 where q is the prior")


@cache
def nodes() -> exact.Points:
    """The nodes and weights of the quadrature, made once."""
    return exact.quadrature(-14.0, 14.0, num=400)


def by_quadrature(mean: Tensor, log_variance: Tensor) -> Tensor:
    """∫ q (log q − log p) dz of every entry, `[B, D]`."""
    points = nodes()
    q = Normal(mean, (0.5 * log_variance).exp())
    log_prior = Normal(*torch.tensor([0.0, 1.0], dtype=torch.double)).log_prob
    return exact.expectation(q, lambda z: q.log_prob(z) - log_prior(z), points)


def known_mistakes(m: Tensor, a: Tensor) -> Mistakes:
    """What each known mistake gives, for mean m and log variance a."""
    right = 0.5 * (m**2 + a.exp() - a - 1)
    return {
        "it is summed over dimensions; one number per dimension is expected": right.sum(-1),
        "it is averaged over dimensions; one number per dimension is expected": right.mean(-1),
        "it is averaged over the batch; one row per sentence is expected": right.mean(0),
        "it is summed over everything": right.sum(),
        "the sign is wrong; a KL is never negative": -right,
        "the factor ½ is missing": 2 * right,
        "the −1 is missing: it must be 0 where q is the prior": right + 0.5,
        "the log variance is taken for the log standard deviation": (
            0.5 * (m**2 + (2 * a).exp() - 2 * a - 1)
        ),
        "the log variance is taken for the variance": 0.5 * (m**2 + a - a.abs().log() - 1),
        "the log variance is taken for the standard deviation": (
            0.5 * (m**2 + a**2 - (a**2).log() - 1)
        ),
        "the KL is reversed; it is KL(q ‖ prior)": 0.5 * ((m**2 + 1) * (-a).exp() + a - 1),
        "the log variance has lost its term; −log σ² belongs to it": 0.5 * (m**2 + a.exp() - 1),
        "exp(½ log σ²) is the standard deviation; the variance is wanted": (
            0.5 * (m**2 + (a / 2).exp() - a - 1)
        ),
        "exp(½ log σ²) is taken for the variance": 0.5 * (m**2 + (a / 2).exp() - a / 2 - 1),
        "the factor ½ stands before the first term only": 0.5 * m**2 + a.exp() - a - 1,
        "the mean is not squared": 0.5 * (m + a.exp() - a - 1),
        "log σ² has the wrong sign": 0.5 * (m**2 + a.exp() + a - 1),
    }
