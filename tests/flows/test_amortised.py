"""Parameters per datapoint equal a loop over datapoints; so do contexts."""

import pytest
import torch
from torch.distributions import Normal

from tests.flows.assertions import assert_close
from vilib.flows import (
    Amortised,
    Chain,
    Coupling,
    CouplingStack,
    Flow,
    InverseAutoregressive,
    MaskedAutoregressive,
    Planar,
    PlanarStack,
    Radial,
    Sylvester,
)

FAMILIES = {
    "planar": (Planar, {}),
    "planar stack": (PlanarStack, {"length": 3}),
    "radial": (Radial, {}),
    "sylvester": (Sylvester, {"reflections": 2}),
    "sylvester, narrow": (Sylvester, {"reflections": 3, "width": 2}),
}
NETWORKS = [Coupling, CouplingStack, InverseAutoregressive, MaskedAutoregressive]
DIRECTIONS = ["call_and_ladj", "inverse_and_ladj"]


def network_layer(kind, D, context):
    extra = {"length": 3} if kind is CouplingStack else {}
    return kind(D, hidden=[16], context=context, **extra)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("D", [2, 4])
def test_parameters_per_datapoint_equal_a_loop(name, direction, D):
    family, options = FAMILIES[name]
    vectors, x = torch.randn(5, family.size(D, **options)), torch.randn(3, 5, D)
    y, ladj = getattr(family.unpack(vectors, D, **options), direction)(x)
    assert y.shape == (3, 5, D)
    assert ladj.shape == (3, 5)
    for b, vector in enumerate(vectors):
        one = family.unpack(vector, D, **options)
        for ours, truth in zip((y[:, b], ladj[:, b]), getattr(one, direction)(x[:, b])):
            assert_close(ours, truth, f"datapoint {b}")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("D", [2, 3])
def test_contexts_equal_a_loop(kind, direction, D):
    layer = network_layer(kind, D, context=4)
    h, x = torch.randn(5, 4), torch.randn(3, 5, D)
    y, ladj = getattr(layer.given(h), direction)(x)
    assert y.shape == (3, 5, D)
    assert ladj.shape == (3, 5)
    for b in range(5):
        for ours, truth in zip(
            (y[:, b], ladj[:, b]), getattr(layer.given(h[b]), direction)(x[:, b])
        ):
            assert_close(ours, truth, f"datapoint {b}")


@pytest.mark.parametrize("kind", NETWORKS)
def test_the_context_matters_and_gets_a_gradient(kind):
    layer = network_layer(kind, 3, context=4)
    h = torch.randn(5, 4, requires_grad=True)
    bound = Chain([layer, layer.inv, layer]).given(h)
    y, ladj = bound.call_and_ladj(torch.randn(3))  # one point, 5 contexts
    assert y.shape == (5, 3)
    assert ladj.shape == bound.batch_shape == (5,)
    assert not torch.allclose(y[0], y[1])
    (y.sum() + ladj.sum()).backward()
    assert bool((h.grad != 0).any(-1).all())
    assert all(p.grad is not None for p in layer.parameters())


@pytest.mark.parametrize("kind", NETWORKS)
def test_giving_a_context_leaves_the_layer_alone(kind):
    layer = network_layer(kind, 3, context=4)
    before = list(layer.state_dict())
    bound = layer.given(torch.nn.Parameter(torch.randn(5, 4)))
    assert layer.context is None
    assert list(layer.state_dict()) == before
    assert layer.batch_shape == ()
    assert all(a is b for a, b in zip(bound.parameters(), layer.parameters(), strict=True))


@pytest.mark.parametrize("name", FAMILIES)
def test_an_encoder_trains_through_its_flows(name):
    family, options = FAMILIES[name]
    encoder = Amortised(6, 2, family, num_layers=2, **options)
    h = torch.randn(5, 6, requires_grad=True)
    q = Flow(Normal(torch.zeros(2), 1.0), encoder(h))
    assert (q.batch_shape, q.event_shape) == ((5,), (2,))
    z, log_q = q.rsample_and_log_prob((3,))
    assert z.shape == (3, 5, 2)
    assert_close(q.log_prob(z), log_q, "log_prob")
    # datapoint 1 depends on its own features only
    (g,) = torch.autograd.grad(log_q[:, 1].sum() + z[:, 1].sum(), h)
    assert bool((g[1] != 0).any())
    assert torch.equal(g[[0, 2, 3, 4]], torch.zeros(4, 6))
    assert float((z.detach() - q.base_dist.mean).norm(dim=-1).median()) < 5


def test_vectors_of_another_length_are_refused():
    with pytest.raises(ValueError, match="Planar needs 5 numbers, got 4"):
        Planar.unpack(torch.zeros(4), 2)


@pytest.mark.parametrize("kind", NETWORKS)
def test_contexts_that_do_not_fit_are_refused(kind):
    with pytest.raises(ValueError, match=r"use layer\.given\(context\)"):
        network_layer(kind, 3, context=4)(torch.zeros(3))
    with pytest.raises(ValueError, match="of length 4, got 5"):
        network_layer(kind, 3, context=4).given(torch.zeros(5))
    blind = network_layer(kind, 3, context=0)
    assert blind.given(torch.zeros(5)) is blind
