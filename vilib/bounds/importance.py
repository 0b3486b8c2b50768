"""log p(x) by importance sampling, with its standard error."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.bounds.log_weights import log_weights

__all__ = ["ImportanceEstimate", "importance"]


class ImportanceEstimate(NamedTuple):
    """An estimate of log p(x) per datapoint.

    Attributes:
        log_evidence: log ŵ, ŵ = 1/S ∑ₛ wₛ, in nats, `[B]`.
        standard_error: Of log ŵ, in nats, `[B]`; ∞ with one sample, or none that is possible.
        effective_sample_size: (∑ w)² / ∑ w², `[B]`: 1 if one weight is all there is, S if all are
            equal, 0 if all are 0.

    Example:
        >>> ImportanceEstimate(-70.1, 0.02, 950.0)._fields
        ('log_evidence', 'standard_error', 'effective_sample_size')
    """

    log_evidence: Tensor
    standard_error: Tensor
    effective_sample_size: Tensor


class Sums(NamedTuple):
    """∑ w = eᵐ · first and ∑ w² = e²ᵐ · second, so that neither leaves the range, `[B]` each."""

    peak: Tensor
    first: Tensor
    second: Tensor


@torch.no_grad()
def importance(
    q: Distribution,
    log_joint: Callable[[Tensor], Tensor],
    num_samples: int = 1000,
    chunk_size: int = 1000,
) -> ImportanceEstimate:
    """log p(x) from S samples of q, for evaluation: no gradient is kept.

        log ŵ = log 1/S ∑ₛ w(zₛ),  w(z) = p(x, z) / q(z | x),  zₛ ~ q

    Samples come in chunks and only their sums are held, so that S may be 10⁶. ŵ is unbiased for
    p(x); log ŵ is below log p(x) on average, by about half its variance. By the delta method

        standard error of log ŵ = √(1/S · Var w) / ŵ = √((S / ESS - 1) / (S - 1)),
        ESS = (∑ w)² / ∑ w².

    It is never above 1: near 1 it says that one weight is all there is, and no more.

    Beware: all of this comes from the weights that were drawn. Where q has lighter tails than the
    posterior, Var w may be infinite; the samples that matter are then the ones that never come,
    and the estimate is too low with a standard error that looks fine. With p = N(0, 1),
    q = N(0, .3²) and S = 1000 it is typically -.29 ± .10, where the truth is 0. A q wider than the
    posterior is safe. Signs of trouble: ESS far below S, and an estimate that rises by more than a
    few standard errors when S grows tenfold. Their absence is no proof.

    Args:
        q: The approximate posterior, batch shape `[B]` (or `[]`).
        log_joint: z ↦ log p(x, z); maps `[S, B, *event]` to `[S, B]`.
        num_samples: S, of all chunks together.
        chunk_size: Samples held at a time.

    Returns:
        The estimate, its standard error and the effective sample size, `[B]` each.

    Raises:
        ValueError: `log_joint` returns another shape, or S or `chunk_size` < 1.

    Source: A. B. Owen, 2013, Monte Carlo Theory, Methods and Examples, chapter 9,
        https://artowen.su.domains/mc; A. Kong, J. S. Liu and W. H. Wong, 1994, Sequential
        Imputations and Bayesian Missing Data Problems,
        https://doi.org/10.1080/01621459.1994.10476469; on tails, A. Vehtari, D. Simpson, A. Gelman,
        Y. Yao and J. Gabry, 2024, Pareto Smoothed Importance Sampling,
        https://arxiv.org/abs/1507.02646

    Example: z ~ N(0, 1), x ~ N(z, 1), x = 2, and the prior for q; log p(x) is -2.2655.
        >>> from torch.distributions import Normal
        >>> _ = torch.manual_seed(1)
        >>> x, q = torch.tensor([2.0]), Normal(torch.zeros(1), 1.0)
        >>> def log_joint(z):
        ...     return Normal(0.0, 1.0).log_prob(z) + Normal(z, 1.0).log_prob(x)
        >>> found = importance(q, log_joint, num_samples=100_000)
        >>> bool((found.log_evidence + 2.2655).abs() < 5 * found.standard_error)
        True
        >>> bool(found.standard_error < 0.01)
        True
    """
    if num_samples < 1 or chunk_size < 1:
        raise ValueError(f"at least 1 sample, got {num_samples} in chunks of {chunk_size}")
    sums = None
    for done in range(0, num_samples, chunk_size):
        chunk = log_weights(q, log_joint, min(chunk_size, num_samples - done))
        sums = summed(chunk) if sums is None else merged(sums, summed(chunk))
    return estimate(sums, num_samples)


def summed(log_w: Tensor) -> Sums:
    """The sums of one chunk `[S, B]`."""
    peak = log_w.amax(0)
    # ∞ - ∞ would be NaN
    w = (log_w - torch.where(peak.isinf(), 0.0, peak)).exp()
    return Sums(peak, w.sum(0), (w**2).sum(0))


def merged(a: Sums, b: Sums) -> Sums:
    """The sums of two chunks together."""
    peak = torch.maximum(a.peak, b.peak)
    shift = torch.where(peak.isinf(), 0.0, peak)
    scale_a, scale_b = (a.peak - shift).exp(), (b.peak - shift).exp()
    first = scale_a * a.first + scale_b * b.first
    return Sums(peak, first, scale_a**2 * a.second + scale_b**2 * b.second)


def estimate(sums: Sums, num_samples: int) -> ImportanceEstimate:
    """What follows from the sums of all S weights."""
    S, (peak, first, second) = num_samples, sums
    # both 0 where no sample was possible
    size = torch.where(first > 0, first**2 / second, 0.0)
    variance = (S / size - 1).clamp(min=0) / (S - 1) if S > 1 else torch.full_like(size, torch.inf)
    return ImportanceEstimate(peak + (first / S).log(), variance.sqrt(), size)
