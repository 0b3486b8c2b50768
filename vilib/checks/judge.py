"""How a value is compared with the truth, and how a known mistake is recognised.

A check computes the truth with `vilib.exact` or a closed form, and beside it what each *known
mistake* would have given. A value that misses the truth is compared with those, so that the message
can name the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from vilib.checks.mistake import Mistake

__all__ = ["agree", "expect", "expect_mean"]

Mistakes = Mapping[str, Tensor | float | Callable[[], Tensor]]


def agree(yours: Tensor, truth: Tensor) -> bool:
    """Whether two tensors have one shape and agree to the precision of the coarser dtype.

    float64 answers must agree to 1e-8 relative to the largest true entry, float32 answers to 1e-4.
    """
    if yours.shape != truth.shape:
        return False
    coarse = torch.float32 in (yours.dtype, truth.dtype) or not yours.dtype.is_floating_point
    a, b = yours.detach().double(), truth.detach().double()
    finite = torch.isfinite(b)
    # an infinite entry must be met exactly, and must not widen the tolerance of the others
    if not torch.equal(a[~finite], b[~finite]):
        return False
    a, b = a[finite], b[finite]
    scale = max(1.0, float(b.abs().max())) if b.numel() else 1.0
    return bool(((a - b).abs() <= (1e-4 if coarse else 1e-8) * scale).all())


def expect(
    what: str, yours: object, truth: Tensor | float, mistakes: Mistakes | None = None
) -> None:
    """Pass if `yours` is the truth; otherwise raise a `Mistake` that names what went wrong.

    Args:
        what: The quantity in words, the subject of the message.
        yours: What the learner's function returned.
        truth: The exact value.
        mistakes: Sentence that names a mistake → the value that this mistake gives (or a function
            that computes it). The first that agrees with `yours` is named.

    Raises:
        Mistake: `yours` is no tensor or number, has another shape, is not finite, or is wrong.

    Example:
        >>> expect("2 + 2", torch.tensor(5.0), 4.0, {"you counted one twice": 5.0})
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: 2 + 2 is not right: you counted one twice.
          yours:    5
          expected: 4
    """
    truth = torch.as_tensor(truth)
    value = as_value(what, yours, truth)
    if agree(value, truth):
        return
    for sentence, wrong in (mistakes or {}).items():
        wrong = torch.as_tensor(wrong() if callable(wrong) else wrong)
        if not agree(wrong, truth) and agree(value, wrong):
            raise Mistake(what, sentence, yours=value, expected=truth)
    if value.shape != truth.shape:
        diagnosis = f"its shape is {tuple(value.shape)}, not {tuple(truth.shape)}"
    elif not bool(torch.isfinite(value.detach()).all()):
        diagnosis = "it contains NaN or infinity"
    else:
        diagnosis = "the value is off, and by no mistake that this check knows"
    raise Mistake(what, diagnosis, yours=value, expected=truth)


def as_value(what: str, yours: object, truth: Tensor) -> Tensor:
    """The learner's value as a tensor, or a `Mistake` that says what came back instead."""
    if yours is None:
        raise Mistake(what, "the function returned None; is a `return` missing?")
    if isinstance(yours, Tensor):
        return yours
    try:
        # an array has a precision of its own; a plain number takes that of the truth
        return torch.as_tensor(yours, dtype=None if hasattr(yours, "dtype") else truth.dtype)
    except (TypeError, ValueError, RuntimeError):
        kind = type(yours).__name__
        raise Mistake(what, f"a tensor is expected and a {kind} came back") from None


def expect_mean(
    what: str,
    draws: Tensor,
    truth: Tensor | float,
    mistakes: Mistakes | None = None,
    z: float = 5.0,
) -> None:
    """Pass if the mean of independent draws is within `z` standard errors of the truth.

    Args:
        what: The quantity in words.
        draws: Independent estimates, `[N, ...]`.
        truth: The exact expectation, `[...]`.
        mistakes: As in `expect`; one is named when the mean is within `z` standard errors of it.
        z: Width of the acceptance interval in standard errors.

    Raises:
        Mistake: The mean is further from the truth than `z` standard errors.
    """
    draws = draws.detach().double()
    mean, error = draws.mean(0), draws.std(0) / draws.shape[0] ** 0.5
    # a constant estimate has no spread: rounding alone must not fail it
    error = error + 1e-9 * (1 + mean.abs())

    def near(value: Tensor | float) -> bool:
        return bool(((mean - torch.as_tensor(value, dtype=torch.double)).abs() <= z * error).all())

    if near(truth):
        return
    expected = torch.as_tensor(truth)
    if len(draws) > 1 and bool((draws == draws[0]).all()):
        raise Mistake(what, "every run gave the same; is a seed fixed inside?", yours=mean)
    for sentence, wrong in (mistakes or {}).items():
        if near(wrong() if callable(wrong) else wrong):
            raise Mistake(what, sentence, yours=mean, expected=expected)
    worst = float(((mean - expected.double()).abs() / error).max())
    raise Mistake(
        what,
        f"its mean is {worst:.0f} standard errors from the truth",
        yours=mean,
        expected=expected,
    )
