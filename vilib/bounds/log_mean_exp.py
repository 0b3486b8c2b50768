"""The logarithm of a mean of exponentials, without overflow and without NaN."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["log_mean_exp"]


def log_mean_exp(values: Tensor) -> Tensor:
    """log 1/S ∑ₛ exp(vₛ), over the samples, the first axis.

        log 1/S ∑ₛ exp(vₛ) = m + log 1/S ∑ₛ exp(vₛ - m),  m = maxₛ vₛ

    The gradient is softmax(v). Where the result is infinite (all values are -∞, or one is +∞)
    no direction is better than another, and the gradient is 0; `torch.logsumexp` has NaN there.

    Args:
        values: `[S, B]`, or `[S]`.

    Returns:
        `[B]`, or `[]`.

    Example: values far below the smallest number that has an exponential.
        >>> log_mean_exp(torch.tensor([[-1000.0, -torch.inf], [-1001.0, -torch.inf]]))
        tensor([-1000.3799,       -inf])
    """
    peak = values.detach().amax(0)
    infinite = peak.isinf()
    # replaced before the subtraction: ∞ - ∞ would be NaN in the gradient, used or not
    shift = torch.where(infinite, 0.0, peak)
    shifted = torch.where(infinite, 0.0, values) - shift  # [S, B], at most 0
    below = shifted.expm1().mean(0)  # mean of the exponentials, minus 1
    # nearly equal values keep their digits in log1p, a single large one keeps them in log
    log_mean = torch.where(below > -0.5, below.clamp(min=-0.5).log1p(), shifted.exp().mean(0).log())
    return torch.where(infinite, peak, shift + log_mean)


def normalised(log_weights: Tensor) -> Tensor:
    """w̃ = w / ∑ w `[S, B]`, the gradient of `log_mean_exp`; 0 where all samples are impossible."""
    impossible = log_weights.amax(0) == -torch.inf
    return torch.where(impossible, 0.0, log_weights.softmax(0))
