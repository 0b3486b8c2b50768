"""Layers as transforms and as modules."""

import copy

import pytest
import torch
from torch.distributions import AffineTransform, Transform, constraints

from tests.flows.layers import COUPLINGS, ORDINARY, build, wild
from vilib.flows import (
    Amortised,
    Chain,
    Coupling,
    CouplingStack,
    InverseAutoregressive,
    MaskedAutoregressive,
    Planar,
    PlanarStack,
    Radial,
    Sylvester,
)

OWN = {
    "planar": lambda: Planar.learnable(3),
    "planar stack": lambda: PlanarStack.learnable(3, length=4),
    "radial": lambda: Radial.learnable(3),
    "sylvester": lambda: Sylvester.learnable(3, reflections=2, width=2),
    "coupling": lambda: wild(Coupling(3)),
    "coupling stack": lambda: wild(CouplingStack(3, 2)),
    "inverse autoregressive": lambda: wild(InverseAutoregressive(3, reverse=True)),
    "inverse of masked": lambda: MaskedAutoregressive(3).inv,
    "chain": lambda: Chain([Planar.learnable(3), MaskedAutoregressive(3).inv]),
}


@pytest.mark.parametrize("name", [*ORDINARY, *COUPLINGS])
def test_layers_are_transforms(name):
    f = build(name, 2)
    assert isinstance(f, Transform)
    assert f.bijective
    assert f.domain == f.codomain == constraints.real_vector
    assert f.domain.event_dim == 1
    assert f.inv.inv is f
    assert f.inv is f.inv
    assert len({f, f.inv}) == 2
    assert f.forward_shape((5, 2)) == f.inverse_shape((5, 2)) == (5, 2)
    for shape in ((), (3,), (5, 1)):
        with pytest.raises(ValueError, match="last axis"):
            f(torch.zeros(shape))


@pytest.mark.parametrize("name", OWN)
def test_a_state_can_be_saved_and_loaded(name):
    saved, other = OWN[name](), OWN[name]()
    x = torch.randn(5, 3)
    assert not torch.allclose(saved(x), other(x))
    other.load_state_dict(saved.state_dict())
    assert torch.equal(saved(x), other(x))
    assert torch.equal(copy.deepcopy(saved)(x), saved(x))


@pytest.mark.parametrize("name", OWN)
def test_a_layer_moves_to_another_dtype(name):
    other = {torch.float64: torch.float32, torch.float32: torch.float64}[torch.get_default_dtype()]
    layer = OWN[name]().to(other)
    for direction in (layer.call_and_ladj, layer.inverse_and_ladj):
        y, ladj = direction(torch.randn(5, 3, dtype=other))
        assert y.dtype == ladj.dtype == other


def test_given_tensors_are_no_parameters_and_parameters_are():
    u, w, b = torch.randn(2), torch.randn(2), torch.randn(())
    assert not list(Planar(u, w, b).parameters())
    layer = Planar(torch.nn.Parameter(u), w, b)
    assert [name for name, _ in layer.named_parameters()] == ["u"]
    assert len(list(Planar.learnable(2).inv.parameters())) == 3
    assert len(list(Amortised(4, 2, Planar, num_layers=3).parameters())) == 2


def test_what_cannot_be_is_refused():
    with pytest.raises(TypeError, match=r"vilib\.flows\.Bijection"):
        Chain([AffineTransform(0.0, 1.0)])
    with pytest.raises(ValueError, match="one D, got"):
        Chain([Planar.learnable(2), Planar.learnable(3)])
    with pytest.raises(ValueError, match="one D, got"):
        Chain([])
    for kind in (Coupling, lambda D: CouplingStack(D, 2)):
        with pytest.raises(ValueError, match=r"D = 1|at least 2"):
            kind(1)
    with pytest.raises(ValueError, match="at most D = 2 columns"):
        Sylvester.learnable(2, width=3)
    with pytest.raises(ValueError, match="bound must be positive"):
        Coupling(2, bound=0.0)
    with pytest.raises(ValueError, match=r"does not fit the parameters' \[5\]"):
        Planar(torch.randn(5, 2), torch.randn(5, 2), torch.randn(5))(torch.randn(4, 2))


def test_importing_and_calling_draws_nothing():
    f = build("chain", 2)
    before = torch.random.get_rng_state()
    f.inv(f(torch.zeros(3, 2)))
    assert torch.equal(before, torch.random.get_rng_state())
