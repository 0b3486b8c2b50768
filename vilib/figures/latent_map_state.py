"""What the latent map shows: a picture, a point of the plane, and whose q is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.distributions import Independent

from vilib.figures.latent_map_plane import PlaneModel

__all__ = ["EDGE", "Lens", "Numbers", "State", "lens", "measure"]

# the map shows [-EDGE, EDGE]²
EDGE = 3.0
# points a side of the magnifying glass
FINE = 81
SHARES = (0.5, 0.95)


@dataclass(frozen=True)
class State:
    """One position of the latent map's controls.

    Attributes:
        plane: The model and its pictures.
        picture: Which picture, from 0.
        z: A point of the plane.
        refined: False for the encoder's q, True for the best q of this one picture.
    """

    plane: PlaneModel
    picture: int = 0
    z: tuple[float, float] = (0.0, 0.0)
    refined: bool = False

    def __post_init__(self) -> None:
        """Refuse what no control can give."""
        if not 0 <= self.picture < len(self.plane.x):
            raise ValueError(f"picture must be below {len(self.plane.x)}, got {self.picture}")
        if not all(abs(coordinate) <= EDGE for coordinate in self.z):
            raise ValueError(f"z must lie within ±{EDGE:g}, got {self.z}")

    @property
    def q(self) -> Independent:
        """The q that is drawn, batch shape `[]`."""
        if self.refined:
            return self.plane.refined(self.picture)
        everyone = self.plane.q.base_dist
        mean, scale = everyone.mean[self.picture], everyone.stddev[self.picture]
        return Independent(torch.distributions.Normal(mean, scale), 1)

    @property
    def point(self) -> Tensor:
        """z as a tensor, `[2]` float64."""
        return torch.tensor(self.z, dtype=torch.double)


class Numbers(NamedTuple):
    """Exact numbers of a state, in nats.

    Attributes:
        log_evidence: log p(x).
        elbo: Of the q that is drawn.
        kl: KL(q ‖ p(z | x)) = log_evidence - elbo.
        log_likelihood: log p(x | z) at the chosen point.
        log_prior: log p(z) there.
        inside: Share of the posterior's mass where it is denser than at the chosen point; 0 at its
            peak, near 1 far from it.
    """

    log_evidence: float
    elbo: float
    kl: float
    log_likelihood: float
    log_prior: float
    inside: float

    def rounded(self, digits: int = 2) -> tuple[float, float, float]:
        """ELBO, KL and log p(x), rounded so that the first two add up to the third as written."""
        kl, evidence = round(self.kl, digits), round(self.log_evidence, digits)
        return round(evidence - kl, digits), kl, evidence


class Lens(NamedTuple):
    """The neighbourhood of posterior and q.

    Attributes:
        centre: Its middle, `(z₁, z₂)`.
        half: Half its width.
        z: Points of one axis relative to the middle, `[FINE]`.
        density: p(z | x), rows along z₂, `[FINE, FINE]`.
        levels: Densities that enclose 95 % and 50 % of the mass, ascending.
    """

    centre: tuple[float, float]
    half: float
    z: Tensor
    density: Tensor
    levels: tuple[float, float]


def measure(state: State) -> Numbers:
    """All numbers of a state; the KL is an integral of its own, not a difference."""
    plane, b, q = state.plane, state.picture, state.q
    evidence = float(plane.evidence[b])
    elbo = float(plane.elbo_of(b, q.mean, q.stddev))
    here = plane.log_joint(state.point[None], plane.x[b][None])[0, 0]
    told = float(plane.log_likelihood(state.point[None], plane.x[b][None])[0, 0])
    log_p = plane.log_posterior(b)
    mass = (log_p + plane.nodes.log_weights).exp()
    denser = float(mass[log_p > here - evidence].sum())
    prior = float(here) - told
    return Numbers(evidence, elbo, evidence - elbo, told, prior, min(denser, 1.0))


def lens(state: State) -> Lens:
    """A square that holds 99.5 % of the posterior, and q with three standard deviations."""
    plane, b, q = state.plane, state.picture, state.q
    log_p, (z, log_w) = plane.log_posterior(b), plane.nodes
    mass, order = (log_p + log_w).exp(), log_p.argsort(descending=True)
    kept = z[order[: int((mass[order].cumsum(0) < 0.995).sum()) + 1]]
    low = torch.minimum(kept.amin(0), q.mean - 3 * q.stddev)
    high = torch.maximum(kept.amax(0), q.mean + 3 * q.stddev)
    centre, half = (low + high) / 2, float((high - low).max()) / 2 * 1.08
    axis = torch.linspace(-half, half, FINE, dtype=torch.double)
    grid = torch.cartesian_prod(axis, axis) + centre
    joint = plane.log_joint(grid, plane.x[b][None])[:, 0]
    density = (joint - plane.evidence[b]).exp()
    # cartesian_prod runs along the second coordinate first; pictures want it as rows
    table = density.view(FINE, FINE).T
    return Lens(tuple(centre.tolist()), half, axis, table, levels(density))


def levels(density: Tensor) -> tuple[float, float]:
    """Heights whose regions hold 95 % and 50 % of the mass of equal cells."""
    ordered = density.sort(descending=True).values
    share = ordered.cumsum(0) / ordered.sum()
    at = [min(int((share < part).sum()), len(ordered) - 1) for part in SHARES]
    return float(ordered[at[1]]), float(ordered[at[0]])
