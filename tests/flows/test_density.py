"""Densities of flows: unit mass, agreement with torch's own book-keeping, shapes."""

import pytest
import torch
from torch.distributions import (
    ComposeTransform,
    Independent,
    MultivariateNormal,
    Normal,
    TransformedDistribution,
)

from tests.flows.assertions import assert_close, assert_unit_mass
from tests.flows.layers import COUPLINGS, ORDINARY, across, build, wild
from vilib.flows import (
    Chain,
    Coupling,
    CouplingStack,
    Flow,
    InverseAutoregressive,
    Permutation,
    Planar,
    PlanarStack,
    Radial,
    StandardNormal,
    Sylvester,
)


def gentle() -> Planar:
    """Planar, bent so little that 400 nodes a side see all of it."""
    w = torch.nn.functional.normalize(torch.randn(2), dim=0)
    return Planar((2 * torch.rand(()) - 1) * w + across(w), w, torch.randn(()))


def stacked() -> PlanarStack:
    layers = [gentle() for _ in range(3)]
    return PlanarStack(*(torch.stack([getattr(f, name) for f in layers]) for name in "uwb"))


SMOOTH = {
    "planar": gentle,
    "planar stack": stacked,
    "radial": lambda: Radial(torch.randn(2), torch.tensor(0.5), torch.tensor(1.5)),
    "sylvester": lambda: Sylvester(
        torch.randn(2, 2), torch.randn(2, 2), 0.5 * torch.ones(2, 2), torch.randn(2)
    ),
    "inverse": lambda: gentle().inv,
}
# their networks have kinks, which quadrature does not like
KINKED = {
    "coupling": lambda: Coupling(2, bound=1.0),
    "coupling stack": lambda: CouplingStack(2, 4, bound=1.0),
    "inverse autoregressive": lambda: InverseAutoregressive(2, bound=1.0),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_unit_mass(name):
    assert_unit_mass(SMOOTH[name](), side=14.0, within=1e-4)


@pytest.mark.parametrize("name", KINKED)
def test_unit_mass_with_networks(name):
    assert_unit_mass(KINKED[name](), side=14.0, within=1e-2)


@pytest.mark.parametrize("name", [*ORDINARY, *COUPLINGS])
def test_log_prob_is_that_of_a_transformed_distribution(name):
    f, base = build(name, 2), Independent(Normal(torch.randn(2), torch.rand(2) + 0.5), 1)
    q, theirs = Flow(base, f), TransformedDistribution(base, [ComposeTransform([f])])
    z, log_q = q.rsample_and_log_prob((50,))
    assert_close(log_q, theirs.log_prob(z), "log_prob of draws")
    assert_close(q.log_prob(z), log_q, "log_prob by the inverse")
    assert z.shape == (50, 2)
    assert log_q.shape == (50,)


def test_a_flow_of_affine_maps_is_the_gaussian_that_it_must_be():
    layer = InverseAutoregressive(2, hidden=[4])
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        # t = (1, 2 x₁ + 3): two rectified units make the line
        first, _, last = layer.network
        for hidden, sign in ((0, 1.0), (1, -1.0)):
            first.weight[hidden, 0] = sign
            last.weight[1, hidden] = 2.0 * sign
        last.bias[:2] = torch.tensor([1.0, 3.0])
    A = torch.tensor([[1.0, 0.0], [2.0, 1.0]])
    truth = MultivariateNormal(torch.tensor([1.0, 3.0]), A @ A.mT)
    z = 3 * torch.randn(20, 2)
    assert_close(Flow(StandardNormal(2), layer).log_prob(z), truth.log_prob(z), "log_prob")


def test_standard_normal_is_the_independent_normal():
    truth = Independent(Normal(torch.zeros(3), torch.ones(3)), 1)
    z = torch.randn(4, 5, 3)
    for ours in (StandardNormal(3), StandardNormal(3, [5]), StandardNormal(3).expand([4, 5])):
        assert_close(ours.log_prob(z), truth.log_prob(z), "log_prob")
    assert StandardNormal(3, [5]).log_prob(torch.zeros(3)).shape == (5,)
    assert StandardNormal(3, [5]).sample((2,)).shape == (2, 5, 3)
    draws = StandardNormal(2).sample((100_000,))
    assert bool((draws.mean(0).abs() < 5 / 100_000**0.5).all())
    assert bool(((draws**2).mean(0) - 1).abs().max() < 5 * (2 / 100_000) ** 0.5)


def test_flows_are_distributions():
    q = Flow(Normal(torch.zeros(4, 2), 1.0), [Planar.learnable(2)])
    assert (q.batch_shape, q.event_shape, q.has_rsample) == ((4,), (2,), True)
    assert q.sample((3,)).shape == (3, 4, 2)
    assert not q.sample().requires_grad
    wide = q.expand([5, 4])
    assert wide.batch_shape == (5, 4)
    assert wide.log_prob(wide.rsample()).shape == (5, 4)
    with pytest.raises(ValueError, match="support"):
        q.log_prob(torch.full((4, 2), torch.nan))
    with pytest.raises(ValueError, match="last axis must have D = 2"):
        Flow(Normal(torch.zeros(3), 1.0), [Planar.learnable(2)])


def test_a_chain_is_a_composition():
    layers = [build(name, 3) for name in ("planar", "sylvester", "coupling", "reverse")]
    ours, theirs = Chain(layers), ComposeTransform(layers)
    x = torch.randn(7, 3)
    y = theirs(x)
    assert_close(ours(x), y, "f")
    assert_close(ours.call_and_ladj(x)[1], theirs.log_abs_det_jacobian(x, y), "ladj")
    assert_close(ours.inv(y), x, "f⁻¹")
    assert_close(theirs.inv(y), x, "f⁻¹ by torch")


@pytest.mark.parametrize("D", [2, 5])
def test_a_coupling_stack_is_a_chain_of_couplings(D):
    stack = wild(CouplingStack(D, 4, [16]))
    layers = [Coupling(D, [16], swap=bool(k % 2)) for k in range(4)]
    for layer, network in zip(layers, stack.networks):
        layer.network = network
    x = torch.randn(7, D)
    for ours, truth in zip(stack.call_and_ladj(x), Chain(layers).call_and_ladj(x)):
        assert_close(ours, truth, "stack")


@pytest.mark.parametrize("batch", [(), (7,)])
def test_a_planar_stack_is_a_chain_of_planar_layers(batch):
    u, w, b = torch.randn(*batch, 4, 3), torch.randn(*batch, 4, 3), torch.randn(*batch, 4)
    chain = Chain(Planar(u[..., k, :], w[..., k, :], b[..., k]) for k in range(4))
    x = torch.randn(2, 7, 3)
    stack = PlanarStack(u, w, b)
    for ours, truth in zip(stack.call_and_ladj(x), chain.call_and_ladj(x)):
        assert_close(ours, truth, "stack")
    for ours, truth in zip(stack.inverse_and_ladj(x), chain.inverse_and_ladj(x)):
        assert_close(ours, truth, "stack, inverse")


def test_a_sylvester_layer_with_one_column_is_planar():
    v, r, r_inner, b = torch.randn(1, 3), torch.randn(1, 1), torch.randn(1, 1), torch.randn(1)
    layer = Sylvester(v, r, r_inner, b)
    Q, R, R_inner = layer.matrices()
    # undo the constraint of the planar layer, which comes on top
    u, w = (Q @ R).squeeze(-1), (Q @ R_inner).squeeze(-1)
    free = (w @ u + 1).expm1().log()
    planar = Planar(u + (free - w @ u) * w / (w @ w), w, b[0])
    x = torch.randn(9, 3)
    for ours, truth in zip(layer.call_and_ladj(x), planar.call_and_ladj(x)):
        assert_close(ours, truth, "planar")


def test_a_permutation_and_its_inverse():
    f = Permutation([1, 2, 0])
    assert f(torch.tensor([0.0, 10.0, 20.0])).tolist() == [10.0, 20.0, 0.0]
    with pytest.raises(ValueError, match="once each"):
        Permutation([0, 0, 1])
