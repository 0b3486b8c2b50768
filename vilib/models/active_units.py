"""How many dimensions of a code say anything about the data."""

from __future__ import annotations

from torch import Tensor

__all__ = ["active_units"]


def active_units(means: Tensor, threshold: float = 0.01) -> Tensor:
    """Which dimensions are active: the posterior's mean moves with the data.

        dimension d is active if Var_x(E_q(z | x)[z_d]) > threshold

    Args:
        means: Posterior means of many datapoints, `[N, D]`.
        threshold: In squared units of z, whose prior variance is 1.

    Returns:
        True where active, `[D]` bool; its sum is the number.

    Source: Y. Burda, R. Grosse and R. Salakhutdinov, 2016, Importance Weighted Autoencoders,
        section 5.2, https://arxiv.org/abs/1509.00519

    Example: the first dimension is the same for all.
        >>> import torch
        >>> active_units(torch.tensor([[0.3, -1.0], [0.3, 1.0]]))
        tensor([False,  True])
    """
    return means.var(0) > threshold
