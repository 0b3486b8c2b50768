"""A log probability computed from a logit must survive extreme logits."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import agree, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.squeezed import squeezed

__all__ = ["bernoulli_log_pmf_is_stable"]


@careful
def bernoulli_log_pmf_is_stable(
    log_pmf: Callable[[Tensor, Tensor], Tensor], *, seed: int, extreme: float = 200.0
) -> None:
    """log Bernoulli(x; sigmoid(logit)) ≈ −|logit| where the outcome is the unlikely one.

    Args:
        log_pmf: The learner's function: logits `[B, T]`, outcomes 0 or 1 `[B, T]` → `[B, T]`, nats.
        seed: Draws the logits around ± `extreme`.
        extreme: Size of the logits. Beyond 40 or so float64 cannot tell sigmoid(logit) from 1.

    Raises:
        Mistake: An infinite or wrong value.

    Example:
        >>> bernoulli_log_pmf_is_stable(lambda a, x: (1 - x - a.sigmoid()).abs().log(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: log p(x) at logits of ±200 is not right: it is not finite...
    """
    what = f"log p(x) at logits of ±{extreme:g}"
    generator = torch.Generator().manual_seed(seed)
    size = extreme + 5 * torch.rand(1, 2, generator=generator, dtype=torch.double)
    sign = torch.tensor([[1.0, -1.0]], dtype=torch.double)
    unlikely = torch.tensor([[0.0, 1.0]], dtype=torch.double)
    for dtype in (torch.double, torch.float):
        for x, truth in ((unlikely, -size), (1 - unlikely, torch.zeros_like(size))):
            judge(what, log_pmf, (sign * size).to(dtype), x.to(dtype), truth.to(dtype))
    passed(f"log p(x) stays finite at logits of ±{extreme:g}, in float32 too")


def judge(
    what: str,
    log_pmf: Callable[[Tensor, Tensor], Tensor],
    logits: Tensor,
    x: Tensor,
    truth: Tensor,
) -> None:
    """One call at extreme logits; the truth is 0 or −|logit|."""
    value = as_value(what, log_pmf(logits, x), truth)
    if not bool(torch.isfinite(value).all()):
        cause = "sigmoid(logit) rounds to 0 or 1 before the logarithm"
        if logits.dtype is torch.float:
            cause += ", or exp(logit) overflows in float32"
        raise Mistake(
            what,
            f"it is not finite, because {cause}; work with the logit itself (softplus, logsigmoid)",
            yours=value,
            expected=truth,
        )
    if value.shape == truth.shape and not agree(value, truth):
        clipped = bool((truth < 0).all()) and bool((value > truth + 1).all())
        diagnosis = (
            "it is too likely, as if the probability were clipped before the logarithm"
            if clipped
            else "what sigmoid(logit) lost in rounding to 0 or 1 does not come back afterwards; "
            "work with the logit itself"
        )
        raise Mistake(what, diagnosis, yours=value, expected=truth)
    expect(what, value, truth, squeezed(truth))
