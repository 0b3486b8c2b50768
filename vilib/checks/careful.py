"""A learner's function must leave what it is given as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import torch
from torch import Tensor

from vilib.checks.mistake import Mistake

__all__ = ["careful"]

Check = Callable[..., None]


def careful(check: Check) -> Check:
    """Make a check refuse a function that changes its arguments in place.

    Whoever called the function still needs them: a mask for the KL that follows, rewards with
    their gradient for the classifier.

    Args:
        check: Takes the learner's functions by position, and settings by keyword.

    Example:
        >>> @careful
        ... def doubles(double, *, seed):
        ...     assert double(torch.ones(2)).sum() == 4
        >>> doubles(lambda x: x.mul_(2), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: argument 1... is not right: it was changed in place...
    """

    @wraps(check)
    def checked(*functions: Callable[..., Any], **settings: Any) -> None:
        check(*(watched(function) for function in functions), **settings)

    return checked


def watched(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its tensors compared before and after each call."""

    @wraps(function, assigned=("__name__", "__doc__"), updated=())
    def call(*arguments: Any) -> Any:
        before = [
            (a.detach().clone(), a.requires_grad) if isinstance(a, Tensor) else None
            for a in arguments
        ]
        answer = function(*arguments)
        for place, (argument, was) in enumerate(zip(arguments, before), start=1):
            if was is not None:
                compare(place, argument, *was)
        return answer

    return call


def compare(place: int, argument: Tensor, values: Tensor, learns: bool) -> None:
    """Raise a `Mistake` if an argument is not what it was before the call."""
    what = f"argument {place}, after your function has used it,"
    if not torch.equal(argument.detach(), values):
        raise Mistake(what, "it was changed in place; work on a copy", yours=argument)
    if learns and not argument.requires_grad:
        raise Mistake(what, "it lost its gradient (detach_ works in place; use detach)")
    if argument.requires_grad and not learns:
        said = "it asks for a gradient now (requires_grad_ works in place); work on a copy"
        raise Mistake(what, said)
