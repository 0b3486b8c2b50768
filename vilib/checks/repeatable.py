"""With the same draws, a function must give the same value."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.checks.mistake import Mistake

__all__ = ["same_again"]


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
        >>> same_again("the sample", torch.zeros(2), torch.ones(2))
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the sample is not right: it draws noise of its own...
    """
    if not isinstance(once, Tensor) or not isinstance(again, Tensor):
        return  # whoever judges the value says what came back
    if once.shape == again.shape and not torch.equal(once.nan_to_num(), again.nan_to_num()):
        raise Mistake(
            what,
            f"it draws {draws} of its own; with the same {draws} given twice, it must give the "
            "same twice",
        )
