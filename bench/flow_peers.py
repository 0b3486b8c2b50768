"""The flows of bench.flows by zuko, nflows, normflows and pyro, where they are installed.

Each gets the same networks, as many layers and the same training step.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, Normal, TransformedDistribution

from bench.training_step import density_step, repeated
from vilib.datasets.energies import Energy
from vilib.flows.conditioner import perceptron

__all__ = ["coupling_peers", "masked_peers", "planar_peers"]

D = 2


def installed(name: str) -> bool:
    """Whether a peer is there."""
    return importlib.util.find_spec(name) is not None


def coupling_peers(
    data: Tensor, length: int, hidden: Sequence[int]
) -> dict[str, Callable[[], int]]:
    """The same flow by zuko, nflows and normflows, with the same networks."""
    peers = {}
    if installed("zuko"):
        peers["zuko"] = zuko_step("RealNVP", data, length, hidden)
    if installed("nflows"):
        from nflows.distributions import StandardNormal as TheirNormal
        from nflows.flows import Flow as TheirFlow
        from nflows.transforms import AffineCouplingTransform, CompositeTransform

        halves = [[k % 2, 1 - k % 2] for k in range(length)]
        network = partial(Perceptron, hidden=hidden)
        layers = [AffineCouplingTransform(half, network) for half in halves]
        flow = TheirFlow(CompositeTransform(layers), TheirNormal([D]))
        peers["nflows"] = density_step(flow.parameters(), flow.log_prob, data)
    if installed("normflows"):
        import normflows as nf

        layers = []
        for _ in range(length):
            network = nf.nets.MLP([1, *hidden, 2])
            layers += [nf.flows.AffineCouplingBlock(network), nf.flows.Permute(D, mode="swap")]
        flow = nf.NormalizingFlow(nf.distributions.DiagGaussian(D, trainable=False), layers)
        peers["normflows"] = density_step(flow.parameters(), flow.log_prob, data)
    return peers


def masked_peers(data: Tensor, length: int, hidden: Sequence[int]) -> dict[str, Callable[[], int]]:
    """The same flow by zuko."""
    return {"zuko": zuko_step("MAF", data, length, hidden)} if installed("zuko") else {}


def planar_peers(ring: Energy, num: int, length: int) -> dict[str, Callable[[], int]]:
    """The same flow by normflows and pyro."""
    peers = {}
    if installed("normflows"):
        from normflows.flows import Planar

        peers["normflows"] = normflows_step([Planar((D,)) for _ in range(length)], ring, num)
    if installed("pyro"):
        from pyro.distributions.transforms import planar as pyro_planar

        layers = [pyro_planar(D) for _ in range(length)]
        q = TransformedDistribution(standard_normal(), layers)

        def loss() -> Tensor:
            z = q.rsample((num,))
            return (q.log_prob(z) - ring.log_density(z)).mean()

        peers["pyro"] = repeated(nn.ModuleList(layers).parameters(), loss)
    return peers


def standard_normal() -> Independent:
    """The base, by torch."""
    return Independent(Normal(torch.zeros(D), 1.0), 1)


def normflows_step(layers: list[nn.Module], ring: Energy, num: int) -> Callable[[], int]:
    """Reverse KL with layers that return a point and a log-determinant."""
    base = standard_normal()

    def loss() -> Tensor:
        x = base.rsample((num,))
        log_q = base.log_prob(x)
        for layer in layers:
            x, ladj = layer(x)
            log_q = log_q - ladj
        return (log_q - ring.log_density(x)).mean()

    return repeated(nn.ModuleList(layers).parameters(), loss)


def zuko_step(name: str, data: Tensor, length: int, hidden: Sequence[int]) -> Callable[[], int]:
    """Maximum likelihood with one of zuko's flows."""
    import zuko

    # its import switches validation off for everybody, so only its own steps go without
    Distribution.set_default_validate_args(True)
    flow = getattr(zuko.flows, name)(D, transforms=length, hidden_features=hidden)

    def log_prob(x: Tensor) -> Tensor:
        Distribution.set_default_validate_args(False)
        try:
            return flow().log_prob(x)
        finally:
            Distribution.set_default_validate_args(True)

    return density_step(flow.parameters(), log_prob, data)


class Perceptron(nn.Module):
    """The network of the couplings, as nflows calls it."""

    def __init__(self, inputs: int, outputs: int, hidden: Sequence[int]) -> None:
        super().__init__()
        self.layers = perceptron(inputs, hidden, outputs)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Shift and scale of x."""
        return self.layers(x)
