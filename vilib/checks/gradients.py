"""Gradients of a learner's answer, with a `Mistake` where autograd cannot find the way back."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.checks.mistake import Mistake

__all__ = ["gradients"]


def gradients(what: str, value: object, *parameters: Tensor) -> tuple[Tensor, ...]:
    """The gradient of `value.sum()` in each parameter; zeros where it does not depend on one.

    They come in the dtype of `value`: an answer worked out in float32 is judged as float32.

    Args:
        what: The quantity in words, the subject of the message.
        value: What the learner's function returned.
        parameters: Leaves that require a gradient.

    Raises:
        Mistake: `value` is no tensor, or is cut off from every parameter.

    Example:
        >>> x = torch.tensor([1.0, 3.0], requires_grad=True)
        >>> gradients("the square", x**2, x)
        (tensor([2., 6.]),)
    """
    if value is None:
        raise Mistake(what, "the function returned None; is a `return` missing?")
    if not isinstance(value, Tensor):
        raise Mistake(what, f"a tensor is expected and a {type(value).__name__} came back")
    if not value.requires_grad:
        raise Mistake(what, "no gradient flows back from it; something on the way is detached")
    found = torch.autograd.grad(value.sum(), parameters, retain_graph=True, allow_unused=True)
    grads = (torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found))
    return tuple(g.to(value.dtype) for g in grads)
