"""von Mises-Fisher: normaliser, samples and their gradient, in 2 to several hundred dimensions."""

import math
from functools import lru_cache

import pytest
import torch
from torch.nn.functional import normalize

from tests.distributions import ladder, mutants
from tests.distributions import points as rules
from tests.distributions.cases import fisher
from vilib.distributions import HypersphericalUniform, VonMisesFisher
from vilib.distributions.cosine import cosine_slope, sample_cosine

DIMENSIONS = (2, 3, 5, 20, 300)
CONCENTRATIONS = (1e-3, 1.0, 30.0, 1e4)


@lru_cache(maxsize=1)
def fine_rule():
    """Nodes in (0, 1) and their log weights."""
    return ladder.exact.quadrature(0.0, 1.0, 500)


def on(low, high):
    """The fine rule on another interval."""
    x, log_w = fine_rule()
    return low + (high - low) * x, log_w + math.log(high - low)


def angle_rule(κ, D):
    """Angles, and the probability q(θ) dθ ∝ e^(κ cos θ) sinᴰ⁻²θ dθ of each, by brute force."""
    mode = math.atan2(math.sqrt(max(D - 2, 1e-9)), math.sqrt(max(κ, 1e-9)))
    width = 40 / math.sqrt(D - 1 + κ)
    low, high = max(0.0, mode - width), min(math.pi, mode + width)
    θ, log_w = on(low, high)
    log_p = κ * (θ.cos() - 1) + (D - 2) * θ.sin().log() + log_w
    return θ, (log_p - log_p.logsumexp(0)).exp(), log_p.logsumexp(0)


@pytest.mark.parametrize("D", DIMENSIONS)
@pytest.mark.parametrize("κ", CONCENTRATIONS)
def test_normaliser_and_moments(D, κ):
    """1/C = area(S^(D-2)) ∫ e^(κ cos θ) sinᴰ⁻²θ dθ."""
    θ, p, log_total = angle_rule(κ, D)
    μ = normalize(torch.linspace(1, 2, D, dtype=torch.double), dim=0)
    q = VonMisesFisher(μ, torch.tensor(κ, dtype=torch.double))
    log_circle = math.log(2) if D == 2 else HypersphericalUniform(D - 1).log_area
    ladder.assert_close(q.log_normaliser, -log_circle - log_total - κ, 1e-9)
    A = (p * θ.cos()).sum()
    ladder.assert_close(q.mean_resultant_length, A, 1e-10)
    spread = (p * (θ.cos() - A) ** 2).sum()
    # the trace of the covariance, and the part of it along μ
    ladder.assert_close(q.variance.sum(), 1 - A**2, 1e-10)
    along = VonMisesFisher(torch.eye(D, dtype=torch.double)[0], q.concentration).variance
    ladder.assert_close(along[0], spread, 1e-10)


@pytest.mark.parametrize("D", DIMENSIONS)
def test_normaliser_s_gradient_is_minus_the_resultant_length(D):
    κ = torch.tensor([1e-3, 1.0, 30.0, 1e4], dtype=torch.double, requires_grad=True)
    q = VonMisesFisher(torch.eye(D, dtype=torch.double)[0], κ)
    (g,) = torch.autograd.grad(q.log_normaliser.sum(), κ)
    ladder.assert_close(-g, q.mean_resultant_length.detach(), 1e-9)


@pytest.mark.parametrize("D", DIMENSIONS)
@pytest.mark.parametrize("κ", [0.0, *CONCENTRATIONS])
def test_cosines_have_the_right_distribution(D, κ):
    θ, p, _ = angle_rule(κ, D)
    w = sample_cosine(torch.full((50_000,), κ, dtype=torch.double), D)
    A = (p * θ.cos()).sum()
    spread = (p * (θ.cos() - A) ** 2).sum().sqrt()
    x, y = (w - A) / spread, (θ.cos() - A) / spread
    for f in (lambda v: v, lambda v: v**2, lambda v: v.tanh(), lambda v: (2 * v).cos()):
        error = f(x).std() / len(w) ** 0.5
        assert abs(f(x).mean() - (p * f(y)).sum()) < 5 * error


@pytest.mark.parametrize("D", DIMENSIONS)
@pytest.mark.parametrize("κ", CONCENTRATIONS)
def test_slope_of_a_cosine(D, κ):
    """dw/dκ = -(∂F/∂κ) / q(w), with F and q summed over a fine rule up to w."""
    κ = torch.tensor(κ, dtype=torch.double)
    w = sample_cosine(κ.expand(40), D)
    got = cosine_slope(w, κ.expand(40), D)
    A = VonMisesFisher(torch.eye(D, dtype=torch.double)[0], κ).mean_resultant_length
    for wᵢ, slope in zip(w.tolist(), got.tolist()):
        φ = math.acos(wᵢ)
        start, end = (φ, math.pi) if wᵢ < A else (0.0, φ)
        reach = 60 / math.sqrt(D - 1 + κ.item())
        start, end = max(start, φ - reach), min(end, φ + reach)
        θ, log_w = on(start, end)
        log_p = κ * (θ.cos() - wᵢ) + (D - 2) * (θ.sin() / math.sin(φ)).log()
        total = ((log_p + log_w).exp() * (θ.cos() - A)).sum().item()
        want = math.sin(φ) * total * (-1 if wᵢ < A else 1)
        assert abs(slope - want) <= 1e-5 * abs(want) + 1e-12


def test_slope_on_the_ordinary_sphere():
    """There the cdf is closed, F = (e^(κw) - e^(-κ)) / (e^κ - e^(-κ)), and autograd can do it."""
    w = torch.linspace(-0.95, 0.95, 20, dtype=torch.double)
    for κ in (0.1, 2.0, 20.0):
        k = torch.full_like(w, κ, requires_grad=True)
        v = w.clone().requires_grad_()
        F = ((k * v).exp() - (-k).exp()) / (k.exp() - (-k).exp())
        by_κ, density = torch.autograd.grad(F.sum(), (k, v))
        got = cosine_slope(w, k.detach(), 3)
        ladder.assert_close(got, -by_κ / density, 1e-7)


@pytest.mark.parametrize(
    ("direction", "κ", "rule"),
    [((0.6, 0.8), 1.5, rules.circle), ((0.6, 0.8, -0.5), 2.5, rules.sphere)],
)
def test_gradient_through_accepted_proposals_alone_is_found(direction, κ, rule):
    """On the circle it lacks a half, on the sphere a third; the ladder accepts the implicit one."""

    def leaves(*batch):
        direction_and_κ = (torch.tensor(direction), torch.tensor(κ))
        return [x.expand((*batch, *x.shape)).clone().requires_grad_() for x in direction_and_κ]

    def mutant(direction, κ):
        return mutants.AcceptedOnly(normalize(direction, dim=-1), κ)

    with pytest.raises(AssertionError):
        ladder.assert_gradient(mutant, leaves, rule(), truth=fisher)


@pytest.mark.parametrize("rule", [rules.circle, rules.sphere])
def test_a_normaliser_without_two_pi_is_found(rule):
    points = rule()
    D = points.values.shape[-1]
    μ, κ = torch.eye(D)[0], torch.tensor(2.0)
    ladder.assert_mass_one(VonMisesFisher(μ, κ), points)
    with pytest.raises(AssertionError):
        ladder.assert_mass_one(mutants.NoTwoPi(μ, κ), points)


@pytest.mark.parametrize("μ", [(1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)])
def test_no_direction_is_special(μ):
    """A Householder reflection that maps the first axis to μ would divide by 0 where they agree."""
    loc = torch.tensor(μ, requires_grad=True)
    z = VonMisesFisher(loc, torch.tensor(5.0)).rsample((20_000,))
    assert z.isfinite().all()
    (g,) = torch.autograd.grad(z.sum(), loc)
    assert g.isfinite().all()
    A = 1 / math.tanh(5) - 1 / 5
    ladder.assert_mean(
        lambda n: VonMisesFisher(loc, torch.tensor(5.0)).sample((n,)), A * loc.detach(), A
    )


def test_samples_are_unit_vectors_in_float32():
    z = VonMisesFisher(torch.eye(300, dtype=torch.float32)[:4], torch.tensor(50.0)).sample((100,))
    assert z.dtype == torch.float32
    assert (z.norm(dim=-1) - 1).abs().max() < 1e-6


def test_no_concentration_is_uniform():
    q = VonMisesFisher(torch.eye(5)[0], torch.tensor(0.0))
    p = HypersphericalUniform(5)
    z = p.sample((10,))
    ladder.assert_close(q.log_prob(z), p.log_prob(z))
    ladder.assert_close(q.entropy(), p.entropy())


def test_a_mean_direction_needs_two_dimensions():
    for loc in (torch.ones(()), torch.ones(1)):
        with pytest.raises(ValueError, match="at least 2"):
            VonMisesFisher(loc, 1.0)
    with pytest.raises(ValueError, match="at least 2"):
        HypersphericalUniform(1)


def test_two_in_three_proposals_are_accepted(monkeypatch):
    """Counted through the uniform numbers, of which each proposal takes one."""
    counted, draw = [0], torch.rand_like

    def count(x):
        counted[0] += x.numel()
        return draw(x)

    monkeypatch.setattr(torch, "rand_like", count)
    for D in DIMENSIONS:
        for κ in CONCENTRATIONS:
            counted[0] = 0
            sample_cosine(torch.full((20_000,), κ, dtype=torch.double), D)
            assert 20_000 / counted[0] > 0.64
