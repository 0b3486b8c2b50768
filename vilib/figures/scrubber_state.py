"""What the layer scrubber shows: ruled paper, bent layer by layer, with its log-determinants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from vilib.models.bent_gaussian import BentGaussian, exact_gaps

__all__ = ["State", "Walk", "walk"]

# the paper reaches as far as this many standard deviations of the noise; a line every half of one
PAPER, LINES, FINE = 2.5, 11, 81
# radius of the circle that holds 1 - exp(-r²/2) = 86 % of the noise
RING = 2.0
# how far the window may follow what a layer does
FARTHEST = 9.0


class Target(Protocol):
    """An unnormalised density in the plane.

    Attributes:
        log_normaliser: log Z, nats.
    """

    log_normaliser: float

    def log_density(self, z: Tensor) -> Tensor:
        """log p̃(z) in nats, `[..., 2]` → `[...]`."""


@dataclass(frozen=True, eq=False)
class Walk:
    """A flow taken apart: where things are after k = 0, …, K layers.

    Attributes:
        name: Shown in the menu.
        sheet: The paper's points, `[K + 1, M, M, 2]`; every (M − 1) / (LINES − 1)th row and column
            is a ruled line.
        log_det: How much each point's surroundings have been stretched so far, counted from the
            noise, nats, `[K + 1, M, M]`.
        ring: A circle of the noise, `[K + 1, P, 2]`.
        gaps: KL(qₖ ‖ p), nats, exactly, `[K + 1]`.
        target: p's density on `axis` × `axis`, rows are z₂, `[G, G]`.
        axis: `[G]`.
        reach: The window is [−reach, reach]².
        twins: Whether the target has two equal modes, so that a q on one of them has gap ln 2.
    """

    name: str
    sheet: np.ndarray
    log_det: np.ndarray
    ring: np.ndarray
    gaps: tuple[float, ...]
    target: np.ndarray
    axis: np.ndarray
    reach: float
    twins: bool = False

    @property
    def num_layers(self) -> int:
        """K."""
        return len(self.gaps) - 1


@dataclass(frozen=True)
class State:
    """One position of the layer scrubber.

    Attributes:
        walk: The flow.
        layer: k, how many layers have been applied; 0 is the Gaussian before all layers.

    Raises:
        ValueError: There is no such layer.
    """

    walk: Walk
    layer: int = 0

    def __post_init__(self) -> None:
        """Refuse what no slider can give."""
        if not 0 <= self.layer <= self.walk.num_layers:
            have = f"0 to {self.walk.num_layers}"
            raise ValueError(f"layer must be {have}, got {self.layer}")

    @property
    def gap(self) -> float:
        """KL(qₖ ‖ p), nats."""
        return self.walk.gaps[self.layer]

    @property
    def extremes(self) -> tuple[float, float]:
        """The smallest and the largest log-determinant within the ring."""
        sides = np.linspace(-PAPER, PAPER, FINE)
        within = np.hypot(*np.meshgrid(sides, sides, indexing="ij")) <= RING
        inside = self.walk.log_det[self.layer][within]
        return float(inside.min()), float(inside.max())


@torch.no_grad()
def walk(name: str, q: BentGaussian, target: Target) -> Walk:
    """Send ruled paper through all layers of a flow in the plane.

    Args:
        name: Shown in the menu.
        q: The flow.
        target: What it was fitted to, with its log Z.

    Example: no layers, only the Gaussian.
        >>> from vilib.datasets.energies import energies
        >>> found = walk("bell", BentGaussian(2), energies()["ring"])
        >>> found.num_layers, found.sheet.shape, f"{found.gaps[0]:.2f}"
        (0, (1, 81, 81, 2), '2.78')
    """
    q = q.cpu()
    sides = torch.linspace(-PAPER, PAPER, FINE)
    paper = torch.cartesian_prod(sides, sides)
    turn = torch.linspace(0, 2 * torch.pi, 241)
    circle = RING * torch.stack([turn.cos(), turn.sin()], -1)
    before = -0.5 * (paper**2).sum(-1) - float(np.log(2 * np.pi))
    steps = q.steps(paper)
    sheet = np.stack([z.reshape(FINE, FINE, 2).numpy() for z, _ in steps])
    log_det = np.stack([(before - log_q).reshape(FINE, FINE).numpy() for _, log_q in steps])
    ring = np.stack([z.numpy() for z, _ in q.steps(circle)])
    gaps = exact_gaps(q, target.log_density, target.log_normaliser)
    reach = window(target, ring)
    axis = torch.linspace(-reach, reach, 161)
    points = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    density = (target.log_density(points) - target.log_normaliser).exp()
    twins = two_equal_modes(density)
    return Walk(
        name, sheet, log_det, ring, tuple(gaps), density.numpy(), axis.numpy(), reach, twins
    )


def two_equal_modes(density: Tensor) -> bool:
    """Whether the left half of a density mirrors the right one, with hardly anything between.

    Example: a column of mass on either side.
        >>> two_equal_modes(torch.tensor([[1.0, 0.0, 0.0, 0.0, 1.0]]))
        True
    """
    mirrored = torch.allclose(density, density.flip(-1), atol=1e-4 * float(density.max()))
    column = density.sum(0)
    return mirrored and bool(column[len(column) // 2] < 0.05 * column.max())


def window(target: Target, ring: np.ndarray) -> float:
    """Half the side of a square with the target's mass and, as far as possible, every ring."""
    axis = torch.linspace(-FARTHEST, FARTHEST, 181)
    points = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    log_p = target.log_density(points)
    seen = points[log_p >= log_p.max() - 5].abs().max().item()
    return min(FARTHEST, max(seen + 0.5, float(np.quantile(np.abs(ring), 0.98)) + 0.3))
