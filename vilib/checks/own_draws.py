"""An answer that draws numbers of its own, though all that it needs was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake

__all__ = ["expect_no_own_draws", "in_float32", "same_again"]


def expect_no_own_draws(
    what: str,
    function: Callable[..., Any],
    arguments: Sequence[object],
    truth: Tensor,
    mistakes: Mistakes | None = None,
) -> Tensor:
    """`expect` of a function's value; if it is refused, a second call tells whether it is random.

    Args:
        what: The quantity in words.
        function: The learner's.
        arguments: What it is called with.
        truth: The exact value.
        mistakes: As in `expect`.

    Returns:
        The learner's value.

    Raises:
        Mistake: The value is wrong; if two calls differ, that is what is said.

    Example:
        >>> import torch
        >>> u = torch.ones(1)
        >>> expect_no_own_draws("u + 1", lambda u: torch.rand(1), [u], u + 1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: u + 1 is not right: it draws numbers of its own: ...
    """
    yours = function(*arguments)
    try:
        expect(what, yours, truth, mistakes)
    except Mistake:
        again = function(*arguments)
        if isinstance(yours, Tensor) and isinstance(again, Tensor) and differ(yours, again):
            raise Mistake(
                what,
                "it draws numbers of its own: two calls with the same arguments differ; "
                "work out the value from what is given",
            ) from None
        raise
    return yours


def same_again(what: str, once: object, again: object, draws: str = "noise") -> None:
    """Refuse a function that draws for itself what it was given.

    Args:
        what: The quantity in words, the subject of the message.
        once: What the learner's function returned.
        again: What it returned when it was called with the same arguments again.
        draws: What it was given, in a word.

    Raises:
        Mistake: The two differ.

    Example:
        >>> import torch
        >>> same_again("the sample", torch.zeros(2), torch.ones(2))
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the sample is not right: it draws noise of its own...
    """
    if not isinstance(once, Tensor) or not isinstance(again, Tensor):
        return  # whoever judges the value says what came back
    if once.shape == again.shape and differ(once, again):
        raise Mistake(
            what,
            f"it draws {draws} of its own; with the same {draws} given twice, it must give the "
            "same twice",
        )


def in_float32(mistakes: dict[str, Tensor]) -> dict[str, Tensor]:
    """What mistakes give, so that an answer with a constant in single precision is recognised.

    Example:
        >>> import torch
        >>> in_float32({"it is 1": torch.ones(1, dtype=torch.double)})
        {'it is 1': tensor([1.])}
    """
    return {sentence: value.float() for sentence, value in mistakes.items()}


def differ(first: Tensor, second: Tensor) -> bool:
    """Whether two values differ by more than NaN does from itself."""
    if first.shape != second.shape:
        return True
    return bool((first.detach().nan_to_num() != second.detach().nan_to_num()).any())
