"""The registered divergences, by quadrature; what is refused; what is easily got wrong."""

import pytest
import torch
from torch.distributions import Beta, Exponential, Normal, StudentT, kl_divergence

from tests.distributions import ladder, mutants
from tests.distributions import points as rules
from tests.distributions.cases import fisher, spike_normal, two_sided
from vilib import distributions as d


def concrete(α):
    return d.BinaryConcrete(torch.full_like(α, 0.7), logits=α)


def hard_concrete(α):
    return d.HardConcrete(torch.full_like(α, 0.7), logits=α)


def kumaraswamy(b):
    return d.Kumaraswamy(torch.full_like(b, 1.4), b)


def hard_kumaraswamy(b):
    return d.HardKumaraswamy(torch.full_like(b, 1.4), b)


def everywhere(unused):
    return d.HypersphericalUniform(3, dtype=unused.dtype, device=unused.device)


def mixed(low, high, *values):
    return lambda: rules.mixed(rules.interval(low, high), *values)


def unit():
    return rules.mixed(rules.unit_interval(), 0, 1)


SOUTH_EAST = (0.6, -0.3, -0.5)
PAIRS = {
    "kumaraswamy_beta": (d.Kumaraswamy, (1.5, 1.8), Beta, (2.0, 1.2), rules.unit_interval),
    "kumaraswamy": (kumaraswamy, (1.3,), kumaraswamy, (0.8,), rules.unit_interval),
    "binary_concrete": (concrete, (0.7,), concrete, (-1.2,), rules.unit_interval),
    "binary_concrete_close": (concrete, (0.7,), concrete, (0.69,), rules.unit_interval),
    "hard_concrete": (hard_concrete, (0.7,), hard_concrete, (-1.2,), unit),
    "hard_concrete_close": (hard_concrete, (0.7,), hard_concrete, (0.70001,), unit),
    "hard_kumaraswamy": (hard_kumaraswamy, (1.3,), hard_kumaraswamy, (0.6,), unit),
    "rectified_gaussian": (
        d.RectifiedGaussian, (0.3, 1.2), d.RectifiedGaussian, (-0.4, 0.9), mixed(0, 15, 0)
    ),
    "two_sided": (two_sided, (0.3, 1.2), two_sided, (-0.4, 0.9), mixed(-1, 1, -1, 1)),
    "spike_and_slab": (
        spike_normal, (0.4, 0.5, 0.8), spike_normal, (-0.3, 0.0, 1.5), mixed(-12, 12, 0)
    ),
    "circle": (fisher, ((0.6, 0.8), 1.5), fisher, ((1.0, 0.3), 4.0), rules.circle),
    "sphere": (fisher, ((0.6, 0.8, -0.5), 2.5), fisher, (SOUTH_EAST, 0.5), rules.sphere),
    "sphere_uniform": (fisher, ((0.6, 0.8, -0.5), 2.5), everywhere, (0.0,), rules.sphere),
}  # fmt: skip


def leaves(parameters, dtype=None):
    return [torch.tensor(x, dtype=dtype, requires_grad=True) for x in parameters]


@pytest.fixture(params=PAIRS)
def pair(request):
    return PAIRS[request.param]


def test_value_and_gradient_by_quadrature(pair):
    make_p, of_p, make_q, of_q, points = pair
    λ, θ, points = leaves(of_p), leaves(of_q), points()
    p, q = make_p(*λ), make_q(*θ)
    ladder.assert_divergence(p, q, points)
    log_p, log_q = p.log_prob(points.values).double(), q.log_prob(points.values).double()
    integral = ((log_p + points.log_weights).exp() * (log_p - log_q)).sum()
    every = {"allow_unused": True, "materialize_grads": True}
    got = torch.autograd.grad(kl_divergence(p, q), λ + θ, retain_graph=True, **every)
    for one, other in zip(got, torch.autograd.grad(integral, λ + θ, **every)):
        ladder.assert_close(one, other, 10 * ladder.tolerance())


def test_batches(pair):
    make_p, of_p, make_q, of_q, _ = pair
    p, q = make_p(*leaves(of_p)), make_q(*leaves(of_q))
    wide = kl_divergence(p.expand((2, 3)), q.expand((3,)))
    assert wide.shape == (2, 3)
    ladder.assert_close(wide, kl_divergence(p, q).expand(2, 3))


def test_float32(pair):
    make_p, of_p, make_q, of_q, _ = pair
    both = [
        kl_divergence(make_p(*leaves(of_p, dtype)), make_q(*leaves(of_q, dtype)))
        for dtype in (torch.float32, torch.float64)
    ]
    assert both[0].dtype == torch.float32
    ladder.assert_close(*both, 2e-6)


def test_nothing_between_equals(pair):
    make_p, of_p, make_q, _, _ = pair
    if make_p is make_q:
        λ, θ = leaves(of_p), leaves(of_p)
        divergence = kl_divergence(make_p(*λ), make_q(*θ))
        ladder.assert_close(divergence, torch.tensor(0.0))
        for g in torch.autograd.grad(divergence, λ + θ):
            ladder.assert_close(g, torch.zeros_like(g), 10 * ladder.tolerance())


def test_a_small_divergence_keeps_its_digits():
    """δ²/6 and κ²/(2 D): the leading terms."""
    α = torch.tensor(0.5).double()
    small = kl_divergence(concrete(α), concrete(α + 1e-4))
    assert abs(small / (1e-8 / 6) - 1) < 1e-6
    q = d.VonMisesFisher(torch.eye(3).double()[0], torch.tensor(1e-3).double())
    assert abs(kl_divergence(q, everywhere(α)) / (1e-6 / 6) - 1) < 1e-5


ONE = torch.tensor(1.0)
OPEN = (
    (d.Kumaraswamy(ONE, ONE), d.Kumaraswamy(2 * ONE, ONE)),
    (d.HardKumaraswamy(ONE, ONE), d.HardKumaraswamy(2 * ONE, ONE)),
    (d.HardKumaraswamy(ONE, ONE), d.HardKumaraswamy(ONE, ONE, -0.2, 1.2)),
    (d.BinaryConcrete(ONE, 0.5), d.BinaryConcrete(2 * ONE, 0.5)),
    (d.HardConcrete(ONE, 0.5), d.HardConcrete(2 * ONE, 0.5)),
    (d.HardConcrete(ONE, 0.5), d.HardConcrete(ONE, 0.5, low=-0.2)),
    (d.RectifiedGaussian(ONE, ONE), d.RectifiedGaussian(ONE, ONE, 0.0, 1.0)),
    (d.HardConcrete(ONE, 0.5), d.HardKumaraswamy(ONE, ONE)),
    (d.SpikeAndSlab(Normal(0.0, 1.0), 0.5), d.RectifiedGaussian(ONE, ONE)),
    (d.SpikeAndSlab(Normal(0.0, 1.0), 0.5), d.SpikeAndSlab(StudentT(3.0), 0.5)),
)


@pytest.mark.parametrize(("p", "q"), OPEN, ids=str)
def test_what_is_not_closed_is_refused(p, q):
    with pytest.raises(NotImplementedError):
        kl_divergence(p, q)


@pytest.mark.parametrize("q", [d.HypersphericalUniform(3), d.VonMisesFisher(torch.eye(3)[0], ONE)])
def test_spheres_of_other_dimensions_are_refused(q):
    with pytest.raises(ValueError, match=r"got \[5\] and \[3\]"):
        kl_divergence(d.VonMisesFisher(torch.eye(5)[0], ONE), q)


def test_infinite_divergences():
    p, q = d.SpikeAndSlab(Exponential(1.0), 0.5), d.SpikeAndSlab(Beta(ONE, ONE), 0.5)
    assert kl_divergence(p, q).isinf()  # the slab reaches where the other has nothing
    p, q = d.SpikeAndSlab(Normal(0.0, 1.0), 0.5), d.SpikeAndSlab(Normal(0.0, 1.0), 0.0)
    assert kl_divergence(p, q).isinf()  # so does the gate
    assert kl_divergence(q, p).isfinite()


def test_slabs_counted_where_z_is_0_are_found():
    make_p, of_p, make_q, of_q, _ = PAIRS["spike_and_slab"]
    p, q = make_p(*leaves(of_p)), make_q(*leaves(of_q))
    with pytest.raises(AssertionError):
        ladder.assert_close(mutants.without_weight(p, q), kl_divergence(p, q))


@pytest.mark.parametrize("name", ["hard_concrete", "hard_kumaraswamy"])
def test_masses_alone_are_found(name):
    """The shape between 0 and 1 counts too."""
    make_p, of_p, make_q, of_q, _ = PAIRS[name]
    p, q = make_p(*leaves(of_p)), make_q(*leaves(of_q))
    with pytest.raises(AssertionError):
        ladder.assert_close(mutants.masses_only(p, q), kl_divergence(p, q))


def test_only_our_own_types_are_registered():
    from torch.distributions.kl import _KL_REGISTRY

    ours = [
        types
        for types, function in _KL_REGISTRY.items()
        if function.__module__.endswith(".kl")
        and function.__module__.startswith("vilib.distributions")
    ]
    assert len(ours) == 9
    for p, _ in ours:
        assert p.__module__.startswith("vilib.distributions")
