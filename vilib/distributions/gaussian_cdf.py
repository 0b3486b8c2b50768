"""Φ and log Φ of the standard Gaussian, right in the tails, gradients too."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx

__all__ = ["Phi", "log_Phi", "phi"]


def phi(x: Tensor) -> Tensor:
    """The density φ(x) = exp(-x²/2) / √(2π), of x's shape."""
    return (-0.5 * x**2).exp() / math.sqrt(2 * math.pi)


def Phi(x: Tensor) -> Tensor:
    """Φ(x), of x's shape; `torch.special.ndtr` has no correct digit left at -8.

    Example:
        >>> Phi(torch.tensor(-8.0)), torch.special.ndtr(torch.tensor(-8.0))
        (tensor(6.2210e-16), tensor(0.))
    """
    return 0.5 * torch.erfc(-x / math.sqrt(2))


def log_Phi(x: Tensor) -> Tensor:
    """log Φ(x), of x's shape; the gradient of `torch.special.log_ndtr` is wrong from -30 on.

    Example: the slope tends to -x.
        >>> x = torch.tensor(-1e5, requires_grad=True)
        >>> log_Phi(x).backward()
        >>> print(f"{x.grad:.1f}")
        100000.0
        >>> x.grad = None
        >>> torch.special.log_ndtr(x).backward()
        >>> print(f"{x.grad:.1f}")
        0.4
    """
    return LogPhi.apply(x)


class LogPhi(torch.autograd.Function):
    """log Φ with the gradient φ/Φ = √(2/π) / erfcx(-x/√2)."""

    @staticmethod
    def forward(ctx: FunctionCtx, x: Tensor) -> Tensor:
        """The value, as torch has it."""
        ctx.save_for_backward(x)
        return torch.special.log_ndtr(x)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> Tensor:
        """Nothing underflows: erfcx is erfc without its factor exp(-x²/2)."""
        (x,) = ctx.saved_tensors
        return grad * math.sqrt(2 / math.pi) / torch.special.erfcx(-x / math.sqrt(2))
