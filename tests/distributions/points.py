"""Points to integrate over: nodes of a rule for the density, and the values that have mass.

A mixed distribution needs no other integral: at a value with mass, `log_prob` is the log mass and
the log weight is 0; elsewhere it is the log density and the weight is that of the node.
"""

from __future__ import annotations

import math

import torch

from tests.distributions.on_simplex import by_face
from vilib import exact
from vilib.exact import Points

__all__ = ["atoms", "circle", "interval", "mixed", "sphere", "triangle", "unit_interval"]


def atoms(*values: float) -> Points:
    """Values with mass."""
    return Points(torch.tensor(values, dtype=torch.double), torch.zeros(len(values)).double())


def mixed(rule: Points, *values: float) -> Points:
    """A rule for the density, and values with mass."""
    return join(atoms(*values), rule)


def join(*parts: Points) -> Points:
    """One sum over all parts."""
    return Points(*(torch.cat(columns) for columns in zip(*parts)))


def unit_interval() -> Points:
    """(0, 1) through z = σ(y): the rule bears densities that are unbounded at the ends."""
    y, log_w = trapezoid(-60.0, 35.0, 2000)
    z = y.sigmoid()
    return Points(z, log_w + z.log() + torch.nn.functional.logsigmoid(-y))


def interval(low: float, high: float, num: int = 400) -> Points:
    """[low, high] by Gauss-Legendre."""
    return exact.quadrature(low, high, num)


def trapezoid(low: float, high: float, num: int) -> Points:
    """Equal steps: the best rule for what is smooth, and 0 or periodic at the ends."""
    y = torch.linspace(low, high, num + 1, dtype=torch.double)[:-1]
    return Points(y, torch.full_like(y, math.log((high - low) / num)))


def circle(num: int = 400) -> Points:
    """Vectors of length 1 in the plane."""
    θ, log_w = trapezoid(-math.pi, math.pi, num)
    return Points(torch.stack([θ.cos(), θ.sin()], -1), log_w)


def sphere(num: int = 100) -> Points:
    """Vectors of length 1 in space: Gauss-Legendre in height, equal steps in longitude."""
    height, log_v = exact.quadrature(-1.0, 1.0, num)
    θ, log_w = trapezoid(-math.pi, math.pi, num)
    h, θ = torch.meshgrid(height, θ, indexing="ij")
    r = (1 - h**2).sqrt()
    z = torch.stack([r * θ.cos(), r * θ.sin(), h], -1)
    return Points(z.reshape(-1, 3), (log_v[:, None] + log_w).reshape(-1))


def triangle() -> Points:
    """The simplex with three vertices: these, with mass, its edges and its inside."""
    return join(*(Points(z, weight.log()) for _, z, weight in by_face(3, 40)))
