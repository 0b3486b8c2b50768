"""Two-dimensional target densities with known normalisers, for flows."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.exact.evidence import log_evidence
from vilib.exact.quadrature import quadrature

__all__ = ["Energy", "energies"]

ROOT_TAU = math.sqrt(2 * math.pi)
RADIUS, RING_WIDTH = 2.0, 0.4
SIDE, WALL_WIDTH = 4.5, 0.25


@dataclass(frozen=True)
class Energy(ABC):
    """An unnormalised density exp(−U(z)) of two numbers z, with log Z = log ∫ exp(−U(z)) dz.

    With it, log Z − ELBO = KL(q ‖ p) of any q(z) is known and not only its differences.

    Args:
        name: Its name.

    Example:
        >>> import torch
        >>> ring = energies()["ring"]
        >>> ring.log_density(torch.tensor([[2.0, 0.0], [0.0, 0.0]])), f"{ring.log_normaliser:.3f}"
        (tensor([  0.0000, -12.5000]), '2.534')
    """

    name: str

    @abstractmethod
    def log_density(self, z: Tensor) -> Tensor:
        """−U(z) in nats, `[..., 2]` → `[...]`."""

    @property
    @abstractmethod
    def log_normaliser(self) -> float:
        """log Z in nats."""


@dataclass(frozen=True)
class Ring(Energy):
    """Mass around a circle: −U(z) = −½ ((‖z‖ − 2) / 0.4)².

    In polar coordinates, with m = 2 and s = 0.4,
    Z = 2π ∫ r exp(−½ ((r − m) / s)²) dr = 2π (s² exp(−½ (m / s)²) + m s √(2π) Φ(m / s)).
    """

    def log_density(self, z: Tensor) -> Tensor:
        """−½ ((‖z‖ − 2) / 0.4)²."""
        return ring(z)

    @property
    def log_normaliser(self) -> float:
        """By the formula above."""
        m, s = RADIUS, RING_WIDTH
        below = (1 + math.erf(m / s / math.sqrt(2))) / 2
        integral = s**2 * math.exp(-((m / s) ** 2) / 2) + m * s * ROOT_TAU * below
        return math.log(2 * math.pi * integral)


@dataclass(frozen=True)
class Crescents(Energy):
    """U1 of Rezende and Mohamed, two crescents: the ring times two bells, at z₁ = ±2, width 0.6."""

    def log_density(self, z: Tensor) -> Tensor:
        """The ring's, plus log(exp(−½ ((z₁ − 2) / 0.6)²) + exp(−½ ((z₁ + 2) / 0.6)²))."""
        bells = [bell(z[..., 0] + shift, 0.6) for shift in (-RADIUS, RADIUS)]
        return ring(z) + torch.logaddexp(*bells)

    @property
    def log_normaliser(self) -> float:
        """By quadrature on [−6, 6]², which holds all but 10⁻²⁰ of the mass."""
        return float(log_evidence(self.log_density, quadrature(-6.0, 6.0, 200, dim=2)))


@dataclass(frozen=True)
class Waves(Energy):
    """U2, U3 and U4 of Rezende and Mohamed: bells in z₂ around one or two curves.

    −U(z) = log ∑ₖ exp(−½ ((z₂ − fₖ(z₁)) / sₖ)²) + wall(z₁), with f₁ = sin(π z₁ / 2).

    The original densities do not depend on how far to the left or right one goes, and have no
    normaliser but on a box. Here a bell of width 0.25 beyond |z₁| = 4.5 makes an end of it:

        Z = (9 + 0.25 √(2π)) √(2π) ∑ₖ sₖ.

    Without the first factor's second term it would be that of the box, log Z = 2.200, 2.760, 2.829.

    Args:
        name: Its name.
        widths: sₖ, of one curve or of two.
        step: Whether the second curve leaves the first one for good, or comes back to it.
    """

    widths: tuple[float, ...]
    step: bool = False

    def log_density(self, z: Tensor) -> Tensor:
        """As above."""
        z1, z2 = z.unbind(-1)
        away = z2 - (math.pi / 2 * z1).sin()
        curves = (away, away + self.branch(z1))
        bells = [bell(curve, width) for curve, width in zip(curves, self.widths)]
        wall = bell((z1.abs() - SIDE).clamp(min=0), WALL_WIDTH)
        return torch.stack(bells).logsumexp(0) + wall

    def branch(self, z1: Tensor) -> Tensor:
        """f₁ − f₂: a bump of height 3 at z₁ = 1 of width 0.6, or a step there of width 0.3."""
        if self.step:
            return 3 * ((z1 - 1) / 0.3).sigmoid()
        return 3 * bell(z1 - 1, 0.6).exp()

    @property
    def log_normaliser(self) -> float:
        """By the formula above."""
        return math.log((2 * SIDE + WALL_WIDTH * ROOT_TAU) * ROOT_TAU * sum(self.widths))


def bell(distance: Tensor, width: float) -> Tensor:
    """−½ (distance / width)²."""
    return -0.5 * (distance / width) ** 2


def ring(z: Tensor) -> Tensor:
    """−½ ((‖z‖ − 2) / 0.4)²."""
    return bell(z.norm(dim=-1) - RADIUS, RING_WIDTH)


def energies() -> dict[str, Energy]:
    """Five targets by name: a ring, and the four of a famous figure.

    Source: D. J. Rezende and S. Mohamed, 2015, Variational Inference with Normalizing Flows,
        table 1 and figure 3, https://arxiv.org/abs/1505.05770

    Example:
        >>> {name: round(energy.log_normaliser, 3) for name, energy in energies().items()}
        {'ring': 2.534, 'u1': 1.878, 'u2': 2.267, 'u3': 2.827, 'u4': 2.896}
    """
    known = (
        Ring("ring"),
        Crescents("u1"),
        Waves("u2", (0.4,)),
        Waves("u3", (0.35, 0.35)),
        Waves("u4", (0.4, 0.35), step=True),
    )
    return {energy.name: energy for energy in known}
