"""The log probability of a yes-or-no outcome, from a logit."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Bernoulli

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["bernoulli_log_pmf_is_exact"]


@careful
def bernoulli_log_pmf_is_exact(
    log_pmf: Callable[[Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_documents: int = 2,
    num_words: int = 5,
) -> None:
    """log Bernoulli(x; sigmoid(logit)), elementwise, against torch's own.

    Args:
        log_pmf: The learner's function: logits `[B, T]`, outcomes 0 or 1 `[B, T]` → `[B, T]`, nats.
        seed: Draws logits and outcomes.
        num_documents: B.
        num_words: T.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> bernoulli_log_pmf_is_exact(lambda a, x: (1 - x - a.sigmoid()).abs(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: the probability came back, not its...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (num_documents, num_words)
    # all negative: exp(logit) < 1, so that taking it for a probability has a value to be named by
    logits = -0.2 - 3 * torch.rand(shape, generator=generator, dtype=torch.double)
    x = (torch.rand(shape, generator=generator) < 0.5).double()
    x[0, 0], x[0, 1] = 1.0, 0.0  # both outcomes occur under every seed
    expect("log p(x)", log_pmf(logits.clone(), x.clone()), *truth_and_mistakes(logits, x))
    logits = 2 * torch.randn(shape, generator=generator, dtype=torch.double)
    expect("log p(x)", log_pmf(logits.clone(), x.clone()), *truth_and_mistakes(logits, x))
    judge_other_kinds(log_pmf, logits, x)
    passed(f"log p(x) equals torch's for {num_documents} × {num_words} outcomes")


def judge_other_kinds(
    log_pmf: Callable[[Tensor, Tensor], Tensor], logits: Tensor, x: Tensor
) -> None:
    """The same outcomes as one row `[T]` and in single precision."""
    for kind, (a, y) in {
        "of shape [T]": (logits[0], x[0]),
        "in float32": (logits.float(), x.float()),
    }.items():
        what = f"log p(x) for logits {kind}"
        try:
            value = log_pmf(a.clone(), y.clone())
        except (AssertionError, IndexError, RuntimeError, TypeError, ValueError) as failure:
            diagnosis = (
                f"your function raises {type(failure).__name__}; any shape and dtype may come"
            )
            raise Mistake(what, diagnosis) from None
        expect(what, value, *truth_and_mistakes(a, y))


def truth_and_mistakes(logits: Tensor, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """log p(x) `[B, T]`, and what each known mistake gives."""
    p = logits.sigmoid()
    log_p = Bernoulli(logits=logits).log_prob(x)
    return log_p, {
        "the probability came back, not its logarithm": log_p.exp(),
        "the outcomes 0 and 1 are swapped": Bernoulli(logits=logits).log_prob(1 - x),
        "the sigmoid is applied twice": Bernoulli(logits=p).log_prob(x),
        "exp(logit) is used as p(x=1); it is the odds p/(1 − p)": torch.where(
            x > 0, logits, torch.log1p(-logits.exp())
        ),
        "the sign is flipped: this is a loss, −log p(x)": -log_p,
        "the probability of heads came back whatever the outcome": p.log(),
        "the outcomes are summed: one value per outcome is asked for": log_p.sum(-1),
        "the outcomes are averaged: one value per outcome is asked for": log_p.mean(),
        "the two terms are subtracted: only one of them is ever left, so add them": torch.where(
            x > 0, log_p, -log_p
        ),
        "1 − log σ(a) stands where log(1 − σ(a)) = log σ(−a) belongs": torch.where(
            x > 0, log_p, 1 - p.log()
        ),
        "it is in bits: the natural logarithm gives nats": log_p / math.log(2),
    }
