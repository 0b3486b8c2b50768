"""Gradients in points and parameters, in both directions, against finite differences."""

import pytest
import torch
from torch import nn
from torch.autograd import gradcheck, gradgradcheck
from torch.func import functional_call

from tests.flows.layers import COUPLINGS, ORDINARY, build
from vilib.flows import Planar, PlanarStack, Radial, Sylvester
from vilib.flows.tanh_root import tanh_root

pytestmark = pytest.mark.usefixtures("double")

FAMILIES = {
    "planar": (Planar, {}),
    "planar stack": (PlanarStack, {"length": 3}),
    "radial": (Radial, {}),
    "sylvester": (Sylvester, {"reflections": 2}),
    "sylvester, narrow": (Sylvester, {"reflections": 3, "width": 2}),
}
DIRECTIONS = ["call_and_ladj", "inverse_and_ladj"]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", FAMILIES)
def test_gradients_in_parameters_and_points(name, direction):
    family, options = FAMILIES[name]
    vector = torch.randn(3, family.size(3, **options), requires_grad=True)
    x = torch.randn(2, 3, 3, requires_grad=True)  # S = 2, B = 3, D = 3
    assert gradcheck(
        lambda vector, x: getattr(family.unpack(vector, 3, **options), direction)(x), (vector, x)
    )


class Direction(nn.Module):
    """One direction of a layer as a module, so that its parameters can be replaced."""

    def __init__(self, layer, direction):
        super().__init__()
        self.layer, self.direction = layer, direction

    def forward(self, x):
        return getattr(self.layer, self.direction)(x)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", [*COUPLINGS, *(n for n in ORDINARY if "autoreg" in n)])
def test_gradients_in_networks_and_points(name, direction):
    module = Direction(build(name, 3), direction)
    names, values = zip(*module.named_parameters())
    x = torch.randn(4, 3, requires_grad=True)
    assert gradcheck(
        lambda x, *values: functional_call(module, dict(zip(names, values)), (x,)),
        (x, *values),
        fast_mode=True,
    )


@pytest.mark.parametrize("slope", [1e-3, 0.5, 1.0, 5.0, 1000.0])
def test_the_root_and_its_derivatives(slope):
    slope = torch.tensor(slope, requires_grad=True)
    target = torch.tensor([-30.0, -2.0, -0.3, 0.4, 1.0, 900.0], requires_grad=True)
    p = tanh_root(slope, target)
    assert torch.allclose(p + (slope - 1) * p.tanh(), target, rtol=1e-14, atol=1e-14)
    assert gradcheck(tanh_root, (slope, target), eps=1e-7, rtol=1e-2, atol=1e-5)
    if slope > 0.1:
        assert gradgradcheck(tanh_root, (slope, target), eps=1e-7, rtol=1e-2, atol=1e-4)


def test_the_root_of_many_equations():
    slope = torch.logspace(-3, 12, 400).unsqueeze(-1)
    target = torch.cat([torch.logspace(-12, 12, 401), torch.zeros(1)])
    p = tanh_root(slope, target)
    assert p.shape == (400, 402)
    size = target + (slope - 1).abs() * p.tanh()
    assert bool(((p + (slope - 1) * p.tanh() - target).abs() <= 1e-14 * (size + p)).all())
    assert torch.equal(tanh_root(slope, -target), -p)


@pytest.mark.parametrize("name", ["planar", "planar stack", "radial", "sylvester"])
@pytest.mark.parametrize("D", [2, 4])  # of one dimension there is nothing to reflect
def test_every_parameter_of_a_learnable_layer_gets_a_gradient(name, D):
    family, options = FAMILIES[name]
    layer = family.learnable(D, **options)
    assert_gradients(layer, D)
    ladj = layer.call_and_ladj(torch.randn(50, D))[1].detach()
    assert float(ladj.abs().mean()) < D, "does not start near the identity"


@pytest.mark.parametrize("name", [*COUPLINGS, *(n for n in ORDINARY if "autoreg" in n)])
def test_every_parameter_of_a_network_gets_a_gradient(name):
    assert_gradients(build(name, 4), 4)


def assert_gradients(layer, D):
    y, ladj = layer.call_and_ladj(torch.randn(50, D))
    (y.sin().sum() + ladj.sum()).backward()
    parameters = dict(layer.named_parameters())
    assert parameters
    for name, parameter in parameters.items():
        assert parameter.grad is not None, name
        assert bool((parameter.grad != 0).any()), name
