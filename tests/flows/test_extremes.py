"""float32, huge weights and far points: values and gradients stay finite."""

import pytest
import torch

from tests.flows.layers import CASES, COUPLINGS, ORDINARY, build
from vilib.flows import (
    CouplingStack,
    InverseAutoregressive,
    MaskedAutoregressive,
    Planar,
    PlanarStack,
    Radial,
    Sylvester,
)

FAMILIES = [(Planar, {}), (PlanarStack, {"length": 4}), (Radial, {}), (Sylvester, {})]


def assert_finite(layer, x, leaves):
    for direction in (layer.call_and_ladj, layer.inverse_and_ladj):
        y, ladj = direction(x)
        assert bool(y.isfinite().all()), "y"
        assert bool(ladj.isfinite().all()), "ladj"
        for leaf, g in zip(leaves, torch.autograd.grad(y.sum() + ladj.sum(), leaves)):
            assert bool(g.isfinite().all()), tuple(leaf.shape)


@pytest.fixture
def single(in_default_tensors):
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    yield
    torch.set_default_dtype(before)


@pytest.mark.usefixtures("single")
@pytest.mark.parametrize("scale", [0.0, 1e-3, 1.0, 30.0, 1000.0])
@pytest.mark.parametrize(("family", "options"), FAMILIES)
@pytest.mark.parametrize("D", [1, 3])
def test_layers_with_parameters_of_any_size(family, options, scale, D):
    vectors = (scale * torch.randn(64, family.size(D, **options))).requires_grad_()
    x = torch.cat([torch.zeros(1, 64, D), torch.randn(5, 64, D), 1e4 * torch.randn(5, 64, D)])
    x.requires_grad_()
    assert_finite(family.unpack(vectors, D, **options), x, [vectors, x])


@pytest.mark.usefixtures("single")
def test_planes_with_a_normal_of_any_length():
    w = torch.logspace(-45, 5, 101).unsqueeze(-1) * torch.tensor([[0.6, 0.8]])
    u, b = torch.randn(101, 2), torch.randn(101)
    leaves = [v.requires_grad_() for v in (u, w, b, torch.randn(7, 101, 2))]
    assert_finite(Planar(u, w, b), leaves[-1], leaves)


@pytest.mark.usefixtures("single")
@pytest.mark.parametrize("kind", [CouplingStack, MaskedAutoregressive, InverseAutoregressive])
def test_networks_with_huge_weights(kind):
    layer = kind(3, **({"length": 4} if kind is CouplingStack else {}))
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter, std=3.0)
    x = (100 * torch.randn(20, 3)).requires_grad_()
    assert_finite(layer, x, [x, *layer.parameters()])


@pytest.mark.usefixtures("single")
def test_scales_are_bounded():
    layer = MaskedAutoregressive(3, bound=3.0)
    torch.nn.init.constant_(layer.network[-1].bias, 1e6)
    for sign in (1.0, -1.0):
        layer.network[-1].bias.data[3:] = 1e6 * sign  # the log-scales; e^(10⁶) is infinite
        ladj = layer.call_and_ladj(torch.randn(20, 3))[1]
        assert torch.allclose(ladj, torch.full((20,), 9.0 * sign))


@pytest.mark.parametrize(("name", "D"), CASES)
def test_the_worst_parameters_have_finite_gradients(name, D):
    layer = build(name, D)
    x = torch.cat([torch.zeros(1, D), torch.randn(5, D)]).requires_grad_()
    assert_finite(layer, x, [x])


@pytest.mark.parametrize("name", [*ORDINARY, *COUPLINGS])
def test_one_point_many_points_and_none(name):
    layer = build(name, 2)
    for batch in ((), (1,), (3, 4), (0,)):
        for direction in (layer.call_and_ladj, layer.inverse_and_ladj):
            y, ladj = direction(torch.randn(*batch, 2))
            assert y.shape == (*batch, 2)
            assert ladj.shape == batch
            assert y.dtype == ladj.dtype == torch.get_default_dtype()
