"""Rényi's bounds: one family with the ELBO and the importance-weighted bound in it."""

from __future__ import annotations

import math

from torch import Tensor

from vilib.bounds.log_mean_exp import log_mean_exp

__all__ = ["renyi"]


def renyi(log_weights: Tensor, alpha: float) -> Tensor:
    """The variational Rényi bound of order α per datapoint, in nats.

        L_α = 1/(1 - α) log E_q[w(z)^(1 - α)],  w(z) = p(x, z) / q(z | x)

    estimated with the mean of S samples for E_q. L_α falls as α grows:

    - α = 1, in the limit: the ELBO.  α = 0: log p(x), and from S samples the bound of `iwae`.
    - 0 < α < 1: between the two.  α > 1: below the ELBO.  α < 0: *above* log p(x).
    - α → ∞: the smallest log w.  α → -∞: the largest.

    A mean of S samples comes to L_α only as S → ∞. For α < 1 it lies below L_α on average, so that
    with α < 0 and few samples the value may be on either side of log p(x); above 1 it lies above.

    The mean is over the samples of one datapoint. To weigh the whole batch as one, by ∑_b log w_b,
    is a mistake where each datapoint has its own z: a sample then has to suit all of them at once,
    and the bound is looser the larger the batch.

    Args:
        log_weights: log w, `[S, B]`, from `vilib.bounds.log_weights`.
        alpha: α, any real number or ±∞.

    Returns:
        The bound, `[B]`. For a finite α ≠ 1 where it is infinite its gradient is 0.

    Source: Y. Li and R. E. Turner, 2016, Rényi Divergence Variational Inference,
        https://arxiv.org/abs/1602.02311

    Example: the weights 1 and 3 of one datapoint.
        >>> import torch
        >>> log_w = torch.tensor([[1.0], [3.0]]).log()
        >>> for alpha in (-math.inf, 0.0, 1.0, math.inf):
        ...     print(f"{renyi(log_w, alpha).item():.4f}")
        1.0986
        0.6931
        0.5493
        0.0000
    """
    if alpha == 1:
        return log_weights.mean(0)
    if math.isinf(alpha):
        return log_weights.amin(0) if alpha > 0 else log_weights.amax(0)
    return log_mean_exp((1 - alpha) * log_weights) / (1 - alpha)
