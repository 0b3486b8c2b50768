"""Unit 06: fit a bent Gaussian to a target, and a density to points in the plane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from vilib import exact
from vilib.datasets.energies import Energy
from vilib.flows import (
    Bijection,
    CouplingStack,
    Flow,
    MaskedAutoregressive,
    PlanarStack,
    StandardNormal,
)
from vilib.models.bent_gaussian import BentGaussian, exact_gaps
from vilib.models.flow_presets import FlowPreset
from vilib.models.vae_experiment import seeded
from vilib.training import History, optimisers, train

__all__ = ["FAMILIES", "TargetFit", "draw_from", "fit_density", "fit_target"]

Make = Callable[[FlowPreset], Bijection | None]

# name → the layers behind mean and scale
FAMILIES: dict[str, Make] = {
    "Gaussian": lambda preset: None,
    "planar 2": lambda preset: PlanarStack.learnable(2, length=2),
    "planar 8": lambda preset: PlanarStack.learnable(2, length=8),
    "planar 32": lambda preset: PlanarStack.learnable(2, length=32),
    "coupling 8": lambda preset: CouplingStack(2, 8, (preset.hidden, preset.hidden)),
}
# a fit reports its progress this often
EPOCHS = 20


class TargetFit(NamedTuple):
    """A fitted q, its gaps after no layer, one layer, …, all of them, and the epochs."""

    q: BentGaussian
    gaps: list[float]
    history: History

    @property
    def gap(self) -> float:
        """KL(q ‖ p), in nats, exactly."""
        return self.gaps[-1]


class Noise:
    """Batches of noise x ~ N(0, I) `[S, D]`, each with the share of the run that is over.

    Example:
        >>> batches = Noise(num_samples=3, num_steps=4, num_epochs=2)
        >>> [share for epoch in range(2) for share, x in batches]
        [0.0, 0.25, 0.5, 0.75]
    """

    def __init__(
        self,
        num_samples: int,
        num_steps: int,
        num_epochs: int,
        dim: int = 2,
        device: torch.device | str = "cpu",
    ) -> None:
        self.shape, self.device = (num_samples, dim), device
        self.steps = max(1, num_steps // num_epochs)
        self.total, self.done = num_epochs * self.steps, 0

    def __len__(self) -> int:
        """Steps of an epoch."""
        return self.steps

    def __iter__(self) -> Iterator[tuple[float, Tensor]]:
        """One epoch."""
        for _ in range(self.steps):
            yield self.done / self.total, torch.randn(self.shape, device=self.device)
            self.done += 1


def fit_target(
    energy: Energy,
    family: str,
    preset: FlowPreset,
    *,
    seed: int,
    device: torch.device | str = "cpu",
    progress: bool = True,
) -> TargetFit:
    """Maximise the ELBO E_q[log p̃(z) − log q(z)] of a target by pathwise gradients.

    At first log p̃ has little weight, and q spreads; the weight rises to 1 over the first part. A
    Gaussian has no layers to come back with: it begins without that at the best of many candidates,
    so that what it misses is the family's fault and not the start's.

    Args:
        energy: Of `vilib.datasets.energies`.
        family: A key of `FAMILIES`.
        preset: Of `FLOW_PRESETS`.
        seed: Of layers and samples; the caller's random state is left as it was.
        device: Where to fit.
        progress: Whether to show a line.
    """
    device = torch.device(device)
    with seeded(seed, device):
        q = BentGaussian(2, FAMILIES[family](preset)).to(device)
        if q.transform is None:
            begin_well(q, energy)
        networks = any(isinstance(part, torch.nn.Linear) for part in q.modules())
        history = train(
            elbo_objective(q, energy, preset.anneal if q.transform is not None else 0.0),
            Noise(preset.num_samples, preset.num_steps, EPOCHS, device=device),
            optimisers(q, preset.network_rate if networks else preset.learning_rate),
            EPOCHS,
            schedule=lambda share: min(1.0, 2 * (1 - share) + 0.02),
            name=f"{energy.name}, {family}",
            progress=progress,
        )
    return TargetFit(q, exact_gaps(q, energy.log_density, energy.log_normaliser), history)


@torch.no_grad()
def begin_well(q: BentGaussian, energy: Energy, num_samples: int = 256) -> None:
    """Give a Gaussian in the plane the mean and scales of the highest ELBO of 1,521 candidates."""
    like = q.mean
    means, scales = torch.linspace(-4, 4, 13), torch.tensor([0.3, 0.7, 1.5])
    m, s = (torch.cartesian_prod(side, side).to(like.device) for side in (means, scales))
    x = torch.randn(num_samples, 2, device=like.device)
    z = m[:, None, None] + s[None, :, None] * x  # [169, 9, S, 2]
    elbo = energy.log_density(z).mean(-1) + s.log().sum(-1)
    best = int(elbo.argmax())
    q.mean.copy_(m[best // len(s)])
    q.log_scale.copy_(s[best % len(s)].log())


def elbo_objective(
    q: BentGaussian, energy: Energy, anneal: float
) -> Callable[[tuple[float, Tensor]], dict[str, Tensor]]:
    """E_q[log q(z) − β log p̃(z)], β from 0.05 to 1 over a share of the run; and the true nelbo."""

    def objective(batch: tuple[float, Tensor]) -> dict[str, Tensor]:
        """Means over a batch of noise."""
        share, x = batch
        z, log_q = q(x)
        log_p = energy.log_density(z)
        weight = min(1.0, 0.05 + share / anneal) if anneal else 1.0
        return {"loss": (log_q - weight * log_p).mean(), "nelbo": (log_q - log_p).mean()}

    return objective


def draw_from(energy: Energy, num_points: int, *, seed: int, reach: float = 6.0) -> Tensor:
    """Points of a target, `[N, 2]`, from the cells of a fine grid and uniformly within a cell.

    Args:
        energy: Of `vilib.datasets.energies`.
        num_points: N.
        seed: Of the points.
        reach: The grid covers [−reach, reach]².

    Example:
        >>> from vilib.datasets.energies import energies
        >>> draw_from(energies()["ring"], 1000, seed=1).norm(dim=-1).mean() > 1.9
        tensor(True)
    """
    generator = torch.Generator().manual_seed(seed)
    sides, cell = torch.linspace(-reach, reach, 600), 2 * reach / 599
    centres = torch.cartesian_prod(sides, sides)
    mass = energy.log_density(centres).softmax(0)
    chosen = centres[torch.multinomial(mass, num_points, replacement=True, generator=generator)]
    return chosen + cell * (torch.rand(num_points, 2, generator=generator) - 0.5)


def fit_density(
    points: Tensor, preset: FlowPreset, *, seed: int, num_layers: int = 5, progress: bool = True
) -> Flow:
    """Maximise the mean log q of points `[N, 2]` under masked autoregressive layers.

    Args:
        points: The data.
        preset: Of `FLOW_PRESETS`.
        seed: Of layers and batches; the caller's random state is left as it was.
        num_layers: K; every other one takes the coordinates in reverse.
        progress: Whether to show a line.
    """
    with seeded(seed, points.device):
        hidden = (preset.hidden, preset.hidden)
        layers = [MaskedAutoregressive(2, hidden, reverse=bool(k % 2)) for k in range(num_layers)]
        q = Flow(StandardNormal(2, device=points.device), layers, validate_args=False)
        q.transform.to(points.device)
        batches = torch.utils.data.DataLoader(
            points, min(preset.density_batch, len(points)), shuffle=True
        )
        train(
            lambda batch: {"loss": -q.log_prob(batch).mean()},
            batches,
            optimisers(q.transform, preset.network_rate),
            max(1, preset.density_steps // len(batches)),
            schedule=lambda share: 1 - 0.95 * share,
            name=f"MAF {num_layers}",
            progress=progress,
        )
    return q


@torch.no_grad()
def forward_gap(q: Flow, energy: Energy, reach: float = 6.0) -> float:
    """KL(p ‖ q), in nats, by quadrature over the plane: what a density estimate misses.

    Args:
        q: A density in the plane.
        energy: p, whose mass lies in [−reach, reach]².
        reach: Half the side of the box.
    """
    nodes, log_weights = exact.quadrature(-reach, reach, 300, dim=2)
    log_p = energy.log_density(nodes) - energy.log_normaliser
    log_q = q.log_prob(nodes.float()).double()
    return float(((log_p + log_weights).exp() * (log_p - log_q)).sum())
