"""The one equation that inverts planar and Sylvester layers."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["tanh_root"]

# Newton's steps go one way only; far fewer than these are needed
MAX_STEPS = 100


def tanh_root(slope: Tensor, target: Tensor) -> Tensor:
    """The root p of p + a tanh p = c, elementwise and differentiable.

    With slope 1 + a > 0 the left side g(p) rises everywhere, so there is one root. g is odd:
    let c ≥ 0. For p ≥ 0 it is concave if a > 0 and convex if a < 0; from p = max(c − a, c/(1+a)),
    which lies left of the root, or p = min(c − a, c/(1+a)), which lies right of it, Newton's
    iterates approach the root from that side and never step over it. A step back is rounding.

    Args:
        slope: 1 + a, the slope of g at 0, positive.
        target: c, of a shape that broadcasts with it.

    Returns:
        p, to rounding error; with derivatives ∂p/∂c = 1 / g′(p) and ∂p/∂a = −tanh(p) / g′(p).

    Source: the implicit function theorem, and Newton's method for convex functions.

    Example:
        >>> import torch
        >>> p = tanh_root(torch.tensor(3.0), torch.tensor([0.0, 1.0, 10.0]))
        >>> p + 2 * p.tanh()
        tensor([ 0.,  1., 10.])
    """
    return TanhRoot.apply(*torch.broadcast_tensors(slope, target))


class TanhRoot(torch.autograd.Function):
    """Newton's method, and the derivative of what it finds."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, slope: Tensor, target: Tensor) -> Tensor:
        """p."""
        p = target.sign() * newton(slope, target.abs())
        ctx.save_for_backward(slope, p)
        return p

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor]:
        """Gradients in `slope` and `target`."""
        slope, p = ctx.saved_tensors
        t = p.tanh()
        by_target = grad / derivative(slope, t)
        return -t * by_target, by_target


def newton(slope: Tensor, target: Tensor) -> Tensor:
    """The root for a target of at least 0."""
    a = slope - 1
    ends = target - a, target / slope
    p = torch.where(a > 0, torch.maximum(*ends), torch.minimum(*ends))
    for _ in range(MAX_STEPS):
        t = p.tanh()
        step = (p + a * t - target) / derivative(slope, t)
        onward = torch.where(a > 0, step < 0, step > 0)
        if not onward.any():
            break
        p = torch.where(onward, p - step, p)
    return p


def derivative(slope: Tensor, t: Tensor) -> Tensor:
    """1 + a (1 − t²) = g′(p) at t = tanh p, written so that it cannot cancel to 0."""
    square = t**2
    return square + slope * (1 - square)
