"""Other libraries, where they are right and their parameters can be matched."""

import math

import pytest
import torch
from torch.distributions import Distribution

from tests.flows.assertions import assert_close
from tests.flows.layers import planar, sylvester, wild
from vilib.flows import Coupling, InverseAutoregressive, MaskedAutoregressive, Radial


@pytest.fixture
def zuko():
    module = pytest.importorskip("zuko")
    # its import switches validation off for all of torch.distributions
    Distribution.set_default_validate_args(True)
    return module


def their_affine(zuko, layer, output):
    """Zuko's affine map with our scale: it bounds a by a / (1 + |a / log 10⁻³|)."""
    shift, raw = output.chunk(2, -1)
    log_scale = layer.bound * raw.tanh()
    free = log_scale / (1 - (log_scale / math.log(1e-3)).abs())
    transform = zuko.transforms.MonotonicAffineTransform(shift, free)
    return zuko.transforms.DependentTransform(transform, 1)


def assert_same(layer, theirs):
    x = torch.randn(20, layer.dim)
    for ours, truth in zip(layer.call_and_ladj(x), theirs.call_and_ladj(x)):
        assert_close(ours, truth, "forward")
    y, ladj = layer.inverse_and_ladj(x)
    assert_close(y, theirs.inv(x), "inverse")
    assert_close(ladj, -theirs.log_abs_det_jacobian(y, x), "inverse ladj")


def test_coupling_is_zukos(zuko):
    layer = wild(Coupling(5))
    mask = torch.tensor([True, True, False, False, False])
    assert_same(
        layer,
        zuko.transforms.CouplingTransform(
            lambda stay: their_affine(zuko, layer, layer.network(stay)), mask
        ),
    )


@pytest.mark.parametrize("reverse", [False, True])
def test_autoregressive_layers_are_zukos(zuko, reverse):
    layer = wild(InverseAutoregressive(4, reverse=reverse))

    def meta(seen):
        return their_affine(zuko, layer, layer.network(seen))

    assert_same(layer, zuko.transforms.AutoregressiveTransform(meta, passes=4))


def test_masked_and_inverse_autoregressive_layers_are_each_others_inverse():
    """With zero shifts, s of one is −s of the other."""
    inverse, masked = InverseAutoregressive(3, [16]), MaskedAutoregressive(3, [16])
    masked.load_state_dict(inverse.state_dict())
    for layer in (inverse, masked):
        layer.network[-1].weight.data[:3] = 0
        layer.network[-1].bias.data[:3] = 0
    masked.network[-1].weight.data[3:] *= -1
    masked.network[-1].bias.data[3:] *= -1
    x = torch.randn(9, 3)
    for ours, truth in zip(masked.inverse_and_ladj(x), inverse.call_and_ladj(x)):
        assert_close(ours, truth, "inverse")


def test_planar_is_normflows():
    normflows = pytest.importorskip("normflows")
    layer, x = planar(3), torch.randn(20, 3)
    theirs = normflows.flows.Planar((3,), u=layer.u[None], w=layer.w[None], b=layer.b[None])
    for ours, truth in zip(layer.call_and_ladj(x), theirs(x)):
        assert_close(ours, truth.detach(), "planar")


def test_radial_is_pyros():
    radial = pytest.importorskip("pyro.distributions.transforms.radial")
    centre, width, strength = torch.randn(3), torch.randn(1), torch.randn(1)
    layer, x = Radial(centre, width[0], strength[0]), torch.randn(20, 3)
    theirs = radial.ConditionedRadial((centre, width, strength))
    y = theirs(x)
    assert_close(layer(x), y, "radial")
    assert_close(layer.call_and_ladj(x)[1], theirs.log_abs_det_jacobian(x, y), "radial")


def test_pyros_sylvester_is_wrong():
    """Why it is no oracle here; when this fails, it has become one."""
    transforms = pytest.importorskip("pyro.distributions.transforms")
    theirs, x = transforms.Sylvester(3, count_transforms=2), torch.randn(3)
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter)
    J = torch.autograd.functional.jacobian(theirs, x)
    claimed = theirs.log_abs_det_jacobian(x, theirs(x)).detach()
    assert float((claimed - J.slogdet().logabsdet).abs()) > 1e-3
    ours = sylvester(3)
    J = torch.autograd.functional.jacobian(ours, x)
    assert_close(ours.call_and_ladj(x)[1], J.slogdet().logabsdet, "ours")
