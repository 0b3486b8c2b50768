"""Gauss-Legendre quadrature on a box."""

from __future__ import annotations

import numpy as np
import torch

from vilib.exact.points import Points, guard

__all__ = ["quadrature"]


def quadrature(
    low: float,
    high: float,
    num: int = 200,
    dim: int = 1,
    device: torch.device | str | None = None,
) -> Points:
    """Nodes and weights of the tensor-product Gauss-Legendre rule on `[low, high]ᵈⁱᵐ`.

    With `num` nodes a side the rule is exact for polynomials of degree 2·num - 1 in each variable.
    An integral over the real line needs a box that holds all but a negligible part of the mass.

    Args:
        low: Lower end of every side.
        high: Upper end of every side.
        num: Nodes per side.
        dim: Number of dimensions.
        device: Where the nodes and weights are wanted; torch's default device if None.

    Returns:
        Points with N = numᵈⁱᵐ; values `[N]` if `dim` is 1 and `[N, dim]` otherwise, float64.

    Raises:
        ValueError: `low` ≥ `high`, `num` or `dim` < 1, or more than 2**20 nodes.

    Source: G. H. Golub and J. H. Welsch, 1969, Calculation of Gauss Quadrature Rules,
        https://doi.org/10.1090/S0025-5718-69-99647-1

    Example: a standard Gaussian has mass 1.
        >>> from torch.distributions import Normal
        >>> z, log_w = quadrature(-10.0, 10.0)
        >>> round((Normal(0.0, 1.0).log_prob(z) + log_w).exp().sum().item(), 12)
        1.0
    """
    if not low < high:
        raise ValueError(f"low must be below high, got {low} and {high}")
    if num < 1 or dim < 1:
        raise ValueError(f"num and dim must be at least 1, got {num} and {dim}")
    guard(num**dim, f"the quadrature with {num} nodes in each of {dim} dimensions")
    nodes, weights = (
        torch.as_tensor(a, device=device) for a in np.polynomial.legendre.leggauss(num)
    )
    nodes = low + (high - low) * (nodes + 1) / 2
    log_weights = (weights * (high - low) / 2).log()
    if dim == 1:
        return Points(nodes, log_weights)
    return Points(
        torch.cartesian_prod(*[nodes] * dim), torch.cartesian_prod(*[log_weights] * dim).sum(-1)
    )
