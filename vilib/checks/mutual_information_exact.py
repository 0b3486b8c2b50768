"""The sampled estimate of I(x; z)."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["mutual_information_is_exact"]

WHAT = "the estimate of I(x; z), one number"
Estimate = Callable[[Tensor], Tensor]


@careful
def mutual_information_is_exact(
    mutual_information: Estimate, *, seed: int, num_sentences: int = 3, num_codes: int = 4
) -> None:
    """Check 1/N ∑ₙ [log q(zₙ|xₙ) − log 1/N ∑ₘ q(zₙ|xₘ)] at given draws, and its mean over all.

    z has K values and there are N sentences, so that all Kᴺ ways to draw can be gone through: their
    weighted mean must be I(x; z) itself, computed from entropies. Some of them give a negative
    estimate, and the function must say so.

    Args:
        mutual_information: Maps log q(zₙ|xₘ) `[N, N]` (a row per sample, a column per sentence) to
            `[]`.
        seed: Draws q.
        num_sentences: N.
        num_codes: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def mutual_information(log_q):
        ...     return (log_q.diagonal() - log_q.logsumexp(1) + math.log(len(log_q))).mean()
        >>> mutual_information_is_exact(mutual_information, seed=1)
        ✓ the estimate is right at given draws, also at densities that underflow
        ✓ over all 64 ways to draw its mean is I(x; z) = 0.051; 37 of them give a negative estimate
    """
    log_q = draw(seed, num_sentences, num_codes)
    judge_estimate(mutual_information, log_q)
    passed("the estimate is right at given draws, also at densities that underflow")
    mean, negative, count = over_all_draws(mutual_information, log_q)
    truth = information(log_q)
    expect("the mean estimate over all ways to draw", mean, truth)
    passed(
        f"over all {count} ways to draw its mean is I(x; z) = {truth:.3f}; "
        f"{negative} of them give a negative estimate"
    )


def draw(seed: int, N: int, K: int) -> Tensor:
    """log q(z = k | xₙ), `[N, K]`: different, but not by much."""
    generator = torch.Generator().manual_seed(seed)
    return (1.5 * torch.randn(N, K, generator=generator, dtype=torch.double)).log_softmax(-1)


def judge_estimate(mutual_information: Estimate, log_q: Tensor) -> None:
    """At draws of the likeliest code; at the unlikeliest, where it is negative; and far out."""
    generator = torch.Generator().manual_seed(int(log_q.abs().sum() * 1e4))
    any_values = 2 * torch.randn(5, 5, generator=generator, dtype=torch.double) - 3
    any_values = any_values + 2 * torch.eye(5, dtype=torch.double)
    worst = -any_values  # others' densities are higher: a negative estimate
    for table in (any_values, worst, any_values - 900):
        yours = mutual_information(table.clone())
        truth = by_summing(table)
        value = as_value(WHAT, yours, truth)
        if table[0, 0] < -800 and not bool(torch.isfinite(value.detach()).all()):
            lost = "densities of e⁻⁹⁰⁰ underflow to 0; stay in logarithms (logsumexp)"
            raise Mistake(WHAT, lost, yours=value, expected=truth)
        if table[0, 0] < -800 and value.dtype == torch.float32 and near(value, truth):
            continue  # in float32 a number of 900 nats is rounded to 1e-4
        expect(WHAT, value, truth, known_mistakes(table))


def near(value: Tensor, truth: Tensor) -> bool:
    """Whether a value lies within a hundredth of a nat of the truth."""
    return value.shape == truth.shape and abs(value.item() - truth.item()) < 0.01


def by_summing(table: Tensor) -> Tensor:
    """The estimate in plain Python, shifted so that nothing underflows, `[]`."""
    rows, N, total = table.tolist(), len(table), 0.0
    for n, row in enumerate(rows):
        top = max(row)
        total += row[n] - top - math.log(sum(math.exp(v - top) for v in row) / N)
    return torch.tensor(total / N, dtype=torch.double)


def over_all_draws(mutual_information: Estimate, log_q: Tensor) -> tuple[Tensor, int, int]:
    """The mean estimate under q, how many estimates are negative, and how many there are."""
    N, K = log_q.shape
    mean, negative, count = torch.zeros((), dtype=torch.double), 0, 0
    for codes in product(range(K), repeat=N):
        at = torch.tensor(codes)
        table = log_q[:, at].T.contiguous()  # row n: log q(zₙ | xₘ) for all m
        estimate = as_value(WHAT, mutual_information(table), mean)
        kind, estimate = estimate.dtype, estimate.double()
        weight = log_q[torch.arange(N), at].sum().exp()
        mean, negative, count = mean + weight * estimate, negative + int(estimate < 0), count + 1
    return mean.to(kind), negative, count


def information(log_q: Tensor) -> Tensor:
    """I(x; z) = H(z) − H(z | x) for equally likely sentences, `[]`."""
    q = log_q.exp()
    together = q.mean(0)
    return torch.special.entr(together).sum() - torch.special.entr(q).sum(-1).mean()


def known_mistakes(table: Tensor) -> Mistakes:
    """What each known mistake gives."""
    own, N = table.diagonal(), len(table)
    mixed, right = table.logsumexp(1), by_summing(table)
    others = table.masked_fill(torch.eye(N, dtype=torch.bool), -torch.inf).logsumexp(1)
    return {
        "it is cut off at 0; a single estimate may be negative, and cutting biases the mean": (
            right.clamp(min=0)
        ),
        "its absolute value came back; a single estimate may be negative": right.abs(),
        "the sum runs over the samples; it runs over the sentences, the columns of a row": (
            (own - table.logsumexp(0)).mean() + math.log(N)
        ),
        "the densities are summed; q(z) is their mean: log N is missing": (own - mixed).mean(),
        "log N has the wrong sign": (own - mixed).mean() - math.log(N),
        "it is the mean of logs; log q(z) is the log of a mean": (own - table.mean(1)).mean(),
        "the sentence's own density is left out of q(z)": ((own - others).mean() + math.log(N - 1)),
        "the sign is wrong": -right,
        "the sentences are summed; their mean is expected": N * right,
        "one number per sentence came back; take the mean": own - mixed + math.log(N),
        "log q(z) is missing": own.mean(),
        "each sentence's term is cut off at 0; a term may be negative, and cutting biases": (
            (own - mixed + math.log(N)).clamp(min=0).mean()
        ),
        "the sentence's own density is left out of q(z), and N is not N − 1": (
            (own - others).mean() + math.log(N)
        ),
        "log q(z) is the log of a mean, log ∑ − log N; the log is divided by N": (
            (own - mixed / N).mean()
        ),
        "log N² stands where log N should": (own - mixed).mean() + 2 * math.log(N),
        "log N is to base 2; nats are expected": (own - mixed).mean() + math.log2(N),
        "log N is averaged; it is added once to every sentence": (
            (own - mixed).mean() + math.log(N) / N
        ),
        "q(z) is one number for all samples; each sample has its own": (
            own.mean() - table.logsumexp((0, 1)) + 2 * math.log(N)
        ),
        "all pairs are averaged; only z and its own sentence belong in front": (
            table.mean() - mixed.mean() + math.log(N)
        ),
    }
