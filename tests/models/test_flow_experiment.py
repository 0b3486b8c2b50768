"""Bent Gaussians and their exact gaps, against closed forms, Jacobians and quadratures."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal

from vilib import exact
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.datasets.energies import energies
from vilib.flows import Chain, CouplingStack, Flow, MaskedAutoregressive, PlanarStack, Radial
from vilib.models.bent_gaussian import BentGaussian, exact_gaps, layers_of
from vilib.models.flow_experiment import (
    FAMILIES,
    Noise,
    begin_well,
    draw_from,
    fit_density,
    fit_target,
    forward_gap,
)
from vilib.models.flow_presets import FLOW_PRESETS, FlowPreset

TINY = FlowPreset(num_steps=40, num_samples=16, hidden=8, density_steps=20, density_batch=50)
RING = energies()["ring"]


def bent(make, seed=1):
    torch.manual_seed(seed)
    q = BentGaussian(2, make() if make else None)
    with torch.no_grad():
        q.mean.copy_(torch.tensor([0.5, -1.0]))
        q.log_scale.copy_(torch.tensor([0.3, -0.4]))
    return q


SHAPES = {
    "Gaussian": None,
    "planar": lambda: PlanarStack.learnable(2, length=3),
    "coupling": lambda: CouplingStack(2, 3, (8,)),
    "chain": lambda: Chain([Radial.learnable(2), PlanarStack.learnable(2, length=2)]),
}
ALL = pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)


@ALL
def test_log_q_is_that_of_autograds_jacobian(make):
    q = bent(make).double()
    x = torch.randn(5, 2, dtype=torch.double)
    log_det = log_det_by_autograd(lambda x: q(x)[0], x)
    truth = Normal(0.0, 1.0).log_prob(x).sum(-1) - log_det
    torch.testing.assert_close(q(x)[1], truth, rtol=1e-10, atol=1e-10)


@ALL
def test_the_last_step_is_the_whole_and_the_distribution_agrees(make):
    q = bent(make).double()
    x = torch.randn(5, 2, dtype=torch.double)
    z, log_q = q(x)
    torch.testing.assert_close(q.steps(x)[-1], (z, log_q), rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(q.flow().log_prob(z), log_q, rtol=1e-8, atol=1e-8)


def test_stacks_are_taken_apart_into_their_layers():
    stack = CouplingStack(2, 3, (8,))
    torch.manual_seed(2)
    x = torch.randn(4, 2)
    once = Chain(layers_of(stack)).call_and_ladj(x)
    torch.testing.assert_close(once, stack.call_and_ladj(x))
    assert [layer.swap for layer in layers_of(stack)] == [False, True, False]
    assert len(layers_of(Chain([Radial.learnable(2), PlanarStack.learnable(2, length=2)]))) == 3


def test_the_gap_between_gaussians_is_their_kl():
    q = bent(None)
    p = MultivariateNormal(torch.tensor([0.0, 0.5]), torch.tensor([[1.5, 0.4], [0.4, 0.8]]))
    own = MultivariateNormal(q.mean.detach(), torch.diag((2 * q.log_scale.detach()).exp()))
    truth = torch.distributions.kl_divergence(own, p).item()
    (gap,) = exact_gaps(q, lambda z: p.log_prob(z) + 3.0, 3.0)
    assert gap == pytest.approx(truth, abs=1e-5)


@pytest.mark.parametrize("name", ["planar", "coupling"])
def test_gaps_are_the_mean_over_many_samples(name):
    q = bent(SHAPES[name])
    gaps = exact_gaps(q, RING.log_density, RING.log_normaliser)
    torch.manual_seed(3)
    with torch.no_grad():
        for k, (z, log_q) in enumerate(q.steps(torch.randn(100_000, 2))):
            ratio = log_q - RING.log_density(z) + RING.log_normaliser
            assert gaps[k] == pytest.approx(ratio.mean().item(), abs=5 * ratio.std().item() / 316)


def test_noise_counts_its_steps_across_epochs():
    batches = Noise(num_samples=3, num_steps=7, num_epochs=2)
    assert len(batches) == 3
    shares = [share for _ in range(2) for share, x in batches if x.shape == (3, 2)]
    assert shares == pytest.approx([k / 6 for k in range(6)])


def test_a_gaussian_begins_on_one_crescent():
    q = BentGaussian(2)
    torch.manual_seed(1)
    begin_well(q, energies()["u1"])
    assert abs(q.mean[0].item()) == pytest.approx(2.0, abs=0.7)
    assert q.log_scale[0] < q.log_scale[1]


@pytest.mark.parametrize("family", ["Gaussian", "planar 2", "coupling 8"])
def test_a_fit_is_the_same_again_and_leaves_the_random_state(family):
    before = torch.get_rng_state()
    one, other = (fit_target(RING, family, TINY, seed=4, progress=False) for _ in range(2))
    assert one.gaps == other.gaps
    assert one.gap == one.gaps[-1] > 0
    assert torch.equal(before, torch.get_rng_state())


def test_a_gaussian_target_is_reached():
    class Bell:
        name, log_normaliser = "bell", 1.0

        def log_density(self, z):
            return Normal(z.new_tensor([1.0, -2.0]), 0.7).log_prob(z).sum(-1) + 1.0

    preset = FlowPreset(num_steps=400, num_samples=32)
    assert fit_target(Bell(), "Gaussian", preset, seed=1, progress=False).gap < 1e-3


def test_every_family_has_the_layers_of_its_name():
    counts = {name: len(layers_of(make(TINY))) for name, make in FAMILIES.items()}
    assert counts == {
        "Gaussian": 0, "planar 2": 2, "planar 8": 8, "planar 32": 32, "coupling 8": 8
    }  # fmt: skip


def test_points_of_the_ring_have_its_moments():
    points = draw_from(RING, 20_000, seed=1)
    r = torch.linspace(0, 6, 60_001, dtype=torch.double)
    mass = (RING.log_density(torch.stack([r, 0 * r], -1))).exp() * r
    mean = ((mass * r).sum() / mass.sum()).item()
    sd = ((mass * r**2).sum() / mass.sum()).item() - mean**2
    assert points.norm(dim=-1).mean().item() == pytest.approx(mean, abs=5 * math.sqrt(sd / 20_000))
    assert torch.equal(points, draw_from(RING, 20_000, seed=1))


def test_the_forward_gap_is_a_kl():
    base = Normal(torch.tensor([1.0, 0.0]), 0.8)

    class Bell:
        log_normaliser = 0.0

        def log_density(self, z):
            return Normal(0.0, 1.0).log_prob(z).sum(-1)

    q = Flow(base, Chain([PlanarStack(torch.zeros(1, 2), torch.zeros(1, 2), torch.zeros(1))]))
    p = Normal(torch.zeros(2), 1.0)
    truth = torch.distributions.kl_divergence(p, base).sum().item()
    assert forward_gap(q, Bell(), reach=8.0) == pytest.approx(truth, abs=1e-4)


def test_a_density_estimate_learns():
    points = draw_from(RING, 200, seed=1)
    preset = FlowPreset(hidden=8, density_steps=120, density_batch=50)
    torch.manual_seed(1)
    layers = [MaskedAutoregressive(2, (8, 8)) for _ in range(2)]
    before = forward_gap(Flow(Normal(torch.zeros(2), 1.0), layers), RING)
    after = fit_density(points, preset, seed=1, num_layers=2, progress=False)
    assert forward_gap(after, RING) < before
    mass = exact.log_evidence(
        lambda z: after.log_prob(z.float()).detach(), exact.quadrature(-9, 9, 200, dim=2)
    )
    assert mass.exp().item() == pytest.approx(1.0, abs=0.03)


def test_presets_are_those_of_the_readme():
    assert set(FLOW_PRESETS) == {"class", "paper"}
    assert FLOW_PRESETS["class"].vae.num_latents == 2
