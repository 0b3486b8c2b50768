"""Every layer, with ordinary parameters and with the worst ones."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from vilib.flows import (
    Bijection,
    Chain,
    Coupling,
    CouplingStack,
    InverseAutoregressive,
    MaskedAutoregressive,
    Permutation,
    Planar,
    PlanarStack,
    Radial,
    Reverse,
    Sylvester,
)


def planar(D: int) -> Planar:
    return Planar(torch.randn(D), torch.randn(D), torch.randn(()))


def folding(D: int, along: float) -> Planar:
    """A plane through 0 and a u that would fold space there: wᵀu = `along`."""
    w = torch.randn(D)
    return Planar(along * w / (w @ w) + across(w), w, torch.zeros(()))


def across(w: Tensor) -> Tensor:
    """A random vector at a right angle to w."""
    v = torch.randn(w.shape)
    return v - (v @ w) * w / (w @ w)


def radial(D: int, width: float, strength: float) -> Radial:
    return Radial(torch.randn(D), torch.tensor(width), torch.tensor(strength))


def sylvester(D: int, scale: float = 1.0, M: int | None = None) -> Sylvester:
    M = M or D
    outer, inner = scale * torch.randn(M, M), scale * torch.randn(M, M)
    return Sylvester(torch.randn(3, D), outer, inner, torch.randn(M))


def opposed(D: int) -> Sylvester:
    """Diagonals that only just do not fold: R = −1, R̃ = 1 after the tanh."""
    far = 100 * torch.eye(D)
    return Sylvester(torch.randn(3, D), -far, far, torch.zeros(D))


def wild(layer: Bijection, scale: float = 1.0) -> Bijection:
    """A network layer with other weights than it starts with, the last layer's no smaller."""
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=scale / parameter.shape[-1] ** 0.5)
    return layer


def mixed(D: int) -> Chain:
    layers = [planar(D), Reverse(D), radial(D, 1.0, 2.0), sylvester(D)]
    return Chain([*layers, InverseAutoregressive(D, [16]), MaskedAutoregressive(D, [16]).inv])


ORDINARY: dict[str, Callable[[int], Bijection]] = {
    "planar": planar,
    "planar stack": lambda D: PlanarStack(torch.randn(4, D), torch.randn(4, D), torch.randn(4)),
    "radial, outwards": lambda D: radial(D, 0.5, 2.0),
    "radial, inwards": lambda D: radial(D, 2.0, -1.0),
    "sylvester": sylvester,
    "sylvester, narrow": lambda D: sylvester(D, M=1),
    "inverse autoregressive": lambda D: wild(InverseAutoregressive(D, [16, 16])),
    "masked autoregressive": lambda D: wild(MaskedAutoregressive(D, [16, 16])),
    "backwards": lambda D: wild(MaskedAutoregressive(D, [16, 16], reverse=True)),
    "backwards, inverse": lambda D: wild(InverseAutoregressive(D, [16], reverse=True)),
    "reverse": Reverse,
    "permutation": lambda D: Permutation(torch.randperm(D)),
    "chain": mixed,
    "inverse": lambda D: planar(D).inv,
}

ADVERSARIAL: dict[str, Callable[[int], Bijection]] = {
    "planar, w = 0": lambda D: Planar(torch.randn(D), torch.zeros(D), torch.randn(())),
    "planar, u = 0": lambda D: Planar(torch.zeros(D), torch.randn(D), torch.randn(())),
    "planar, all 0": lambda D: Planar(torch.zeros(D), torch.zeros(D), torch.zeros(())),
    "planar, wᵀu = −1": lambda D: folding(D, -1.0),
    "planar, wᵀu = −30": lambda D: folding(D, -30.0),
    "planar, wᵀu = −1000": lambda D: folding(D, -1000.0),
    "planar, wᵀu = 1000": lambda D: folding(D, 1000.0),
    "planar, steep": lambda D: Planar(torch.randn(D), 30 * torch.randn(D), torch.randn(())),
    "planar, shallow": lambda D: Planar(torch.randn(D), 0.01 * torch.randn(D), torch.randn(())),
    "radial, to a point": lambda D: radial(D, 1.0, -50.0),
    "radial, narrow": lambda D: radial(D, -50.0, 1.0),
    "radial, far out": lambda D: radial(D, 1.0, 50.0),
    "radial, wide": lambda D: radial(D, 50.0, 1.0),
    "sylvester, large": lambda D: sylvester(D, 3.0),
    "sylvester, opposed": opposed,
    "sylvester, no reflections": lambda D: Sylvester(
        torch.zeros(2, D), torch.randn(D, D), torch.randn(D, D), torch.randn(D)
    ),
}

# these need a second half
COUPLINGS: dict[str, Callable[[int], Bijection]] = {
    "coupling": lambda D: wild(Coupling(D, [16, 16])),
    "coupling, swapped": lambda D: wild(Coupling(D, [16, 16], swap=True)),
    "coupling stack": lambda D: wild(CouplingStack(D, 3, [16], bound=1.0)),
}

CASES = [(name, D) for name in {**ORDINARY, **ADVERSARIAL} for D in (1, 2, 5)]
CASES += [(name, D) for name in COUPLINGS for D in (2, 5)]


def build(name: str, D: int) -> Bijection:
    return {**ORDINARY, **ADVERSARIAL, **COUPLINGS}[name](D)


def points(D: int, num: int = 20) -> Tensor:
    """0, where planes and centres of the layers above lie, points around it, and a few far out."""
    near, far = torch.randn(num, D), 30 * torch.randn(4, D)
    return torch.cat([torch.zeros(1, D), near, far])
