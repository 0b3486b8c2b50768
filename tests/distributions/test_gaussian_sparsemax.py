"""The Gaussian-sparsemax: masses and densities add up to 1, and sampling agrees with them."""

import pytest
import torch
from torch.autograd import gradcheck

from tests.distributions.on_simplex import expectation, frequencies, masses, number
from vilib.distributions import GaussianSparsemax, RectifiedGaussian, gaussian_sparsemax
from vilib.distributions.gaussian_integral import log_gaussian_integral

PARAMETERS = [
    ([0.0, 0.0], [1.0, 1.0]),
    ([0.4, -0.3], [0.5, 1.5]),
    ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0]),
    ([0.3, -0.4, 0.1], [0.5, 0.8, 1.5]),
    ([2.0, -1.0, 0.5], [0.7, 0.3, 2.0]),
]
TRIANGLES = PARAMETERS[2:]


def build(loc, scale):
    return GaussianSparsemax(torch.tensor(loc).double(), torch.tensor(scale).double())


def assert_total_mass(log_prob, K, num=60):
    total = sum(masses(log_prob, K, num).values())
    assert (total - 1).abs() < 1e-6, total


def assert_near(gap, P, S):
    """Within 5 standard errors, and 5 draws more, since rare faces are not normally distributed."""
    assert (gap.abs() < 5 * (P * (1 - P) / S).sqrt() + 5 / S).all()


def assert_slopes(make_z, loc, scale):
    """Pathwise gradients of E[f(z)] within 5 standard errors of those of the exact integral."""

    def f(z):
        return (z[..., 0] * 3 + z[..., 1]).sin() + z.square().sum(-1)

    parameters = [torch.tensor(p).double().requires_grad_() for p in (loc, scale)]
    q = GaussianSparsemax(*parameters)
    exact = torch.autograd.grad(expectation(q.log_prob, f, len(loc), 40), parameters)
    S = 200_000
    many = [p.detach().expand(S, -1).clone().requires_grad_() for p in parameters]
    slopes = torch.autograd.grad(f(make_z(GaussianSparsemax(*many))).sum(), many)
    for want, each in zip(exact, slopes):
        error = each.std(0) / S**0.5
        assert ((each.mean(0) - want).abs() < 5 * error).all(), (each.mean(0), want, error)


@pytest.mark.parametrize(("loc", "scale"), PARAMETERS)
def test_total_mass(loc, scale):
    assert_total_mass(build(loc, scale).log_prob, len(loc))


def test_total_mass_of_four_categories():
    q = build([0.3, -0.4, 0.1, 0.0], [1.0, 0.8, 1.5, 1.2])
    assert_total_mass(q.log_prob, 4, num=14)


@pytest.mark.parametrize(("loc", "scale"), PARAMETERS)
def test_face_probabilities(loc, scale):
    """Against the integral of the density over each face; the interior is no remainder there."""
    q = build(loc, scale)
    for face, mass in masses(q.log_prob, len(loc), 60).items():
        assert (q.face_probabilities()[number(face)] - mass).abs() < 1e-8


@pytest.mark.parametrize(("loc", "scale"), PARAMETERS)
def test_frequencies(loc, scale):
    S = 100_000
    q = GaussianSparsemax(torch.tensor(loc), torch.tensor(scale))
    P = q.face_probabilities().cpu()
    assert_near(frequencies(q.sample((S,))) - P, P, S)


@pytest.mark.parametrize("spread", [1.0, 1e-2])
def test_vertices_of_many_categories(spread):
    """P(z = eₖ) = P(xₖ - 1 ≥ all others), against frequencies, for scales far apart."""
    K, S = 6, 100_000
    loc, scale = 0.7 * torch.randn(K), spread ** torch.rand(K)
    q = GaussianSparsemax(loc, scale)
    P, z = q.log_prob(torch.eye(K)).exp(), q.sample((S,))
    assert_near((z == 1).float().mean(0) - P, P, S)


def test_vertices_by_another_library():
    """A vertex of the triangle is a quadrant of a two-dimensional Gaussian."""
    stats = pytest.importorskip("scipy.stats")
    for loc, scale in TRIANGLES:
        μ, v = torch.tensor(loc).double(), torch.tensor(scale).double() ** 2
        p = build(loc, scale).log_prob(torch.eye(3).double()).exp()
        for k in range(3):
            others = [j for j in range(3) if j != k]
            covariance = torch.diag(v[others]) + v[k]
            want = stats.multivariate_normal.cdf(
                (μ[k] - 1 - μ[others]).cpu(), cov=covariance.cpu(), abseps=1e-12, releps=1e-12
            )
            assert abs(p[k].item() - want) < 1e-9


@pytest.mark.parametrize(("loc", "scale"), PARAMETERS[:2])
def test_two_categories_are_a_rectified_gaussian(loc, scale):
    q = build(loc, scale)
    r = RectifiedGaussian((1 + q.loc[0] - q.loc[1]) / 2, q.scale.norm() / 2, 0.0, 1.0)
    z = torch.tensor([0.0, 1.0, 1e-9, 0.2, 0.5, 0.99]).double()
    both = torch.stack([z, 1 - z], -1)
    assert (q.log_prob(both) - r.log_prob(z)).abs().max() < 1e-10
    ends = torch.stack([r.prob_high, r.prob_low])
    assert (q.face_probabilities()[:2] - ends).abs().max() < 1e-15


def test_closed_form_is_the_quadrature():
    a, b = 3 * torch.randn(2, 50, 1).double()
    zero, one = torch.zeros(50).double(), torch.ones(50).double()
    log_i = log_gaussian_integral(a, b, zero, one) - gaussian_sparsemax.LOG_SQRT_2PI
    closed = torch.special.log_ndtr(a / (1 + b**2).sqrt()).squeeze(-1)
    assert (log_i - closed).abs().max() < 1e-11


def test_quadrature_with_far_apart_scales():
    """A step that is 10⁷ times as steep as the Gaussian; a fixed rule sees a jump there."""
    a, zero, one = torch.tensor([[0.3]]).double(), torch.zeros(1).double(), torch.ones(1).double()
    for steep in (1.0, 30.0, 1e3, 1e5, 1e7):
        log_i = log_gaussian_integral(a * steep, torch.full_like(a, steep), zero, one)
        closed = torch.special.log_ndtr(a * steep / (1 + steep**2) ** 0.5)
        assert (log_i - gaussian_sparsemax.LOG_SQRT_2PI - closed).abs() < 1e-12


@pytest.mark.parametrize(("loc", "scale"), [PARAMETERS[1], PARAMETERS[3]])
def test_pathwise_gradient(loc, scale):
    assert_slopes(lambda q: q.rsample(), loc, scale)


@pytest.mark.parametrize(
    "z", [[1.0, 0.0, 0.0], [0.4, 0.6, 0.0], [0.2, 0.3, 0.5], [0.0, 1.0, 0.0, 0.0], [0.5, 0.5]]
)
def test_gradients_of_log_prob(z):
    z = torch.tensor(z).double()
    loc = torch.randn(len(z)).double().requires_grad_()
    scale = (0.5 + torch.rand(len(z))).double().requires_grad_()
    assert gradcheck(lambda m, s: GaussianSparsemax(m, s).log_prob(z), (loc, scale))
    if len(z) < 4:
        assert gradcheck(lambda m, s: GaussianSparsemax(m, s).face_probabilities(), (loc, scale))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3, None])
@pytest.mark.parametrize("K", [2, 3, 5])
def test_extreme_parameters(dtype, scale, K):
    """Finite values and gradients, also where scales are a million times apart."""
    loc = (50 * torch.randn(20, K)).clamp(-50, 50).to(dtype)
    loc[0], loc[1], loc[2, 0], loc[2, 1:] = 50.0, 0.0, 50.0, -50.0
    scales = 10.0 ** torch.randint(-3, 4, loc.shape) if scale is None else torch.tensor(scale)
    loc, scales = loc.requires_grad_(), scales.to(dtype).expand_as(loc).clone().requires_grad_()
    q = GaussianSparsemax(loc, scales)
    corners = torch.cat([torch.eye(K), torch.full((1, K), 1 / K)]).to(loc)
    z = torch.cat([q.rsample((3,)), corners[:, None].expand(-1, *loc.shape)])
    outputs = [z, q.log_prob(z.detach())] + ([q.face_probabilities()] if K < 4 else [])
    for output in outputs:
        assert output.isfinite().all()
        weight = torch.randn_like(output)
        for g in torch.autograd.grad((weight * output).sum(), [loc, scales], retain_graph=True):
            assert g.isfinite().all()


def test_slopes_far_out_are_right():
    """Where torch's own derivative of log Φ is wrong: 10⁵ deviations away."""
    loc = torch.tensor([-50.0, 50.0, 0.0]).double().requires_grad_()
    q = GaussianSparsemax(loc, torch.tensor(1e-3).double())
    (g,) = torch.autograd.grad(q.log_prob(torch.tensor([1.0, 0.0, 0.0]).double()), loc)
    # x₁ - 1 is above the others most cheaply where all three are at (-51 + 50 + 0)/3
    want = (-1 / 3 - torch.tensor([-51.0, 50.0, 0.0]).double()) / 1e-6
    assert (g - want).abs().max() < 1e-6 * want.max()


def test_shapes(dtype):
    q = GaussianSparsemax(torch.randn(4, 1, 3), torch.ones(2, 3))
    assert (q.batch_shape, q.event_shape) == ((4, 2), (3,))
    z = q.rsample((7,))
    assert z.shape == (7, 4, 2, 3)
    assert z.dtype == dtype
    assert q.log_prob(z).shape == (7, 4, 2)
    assert q.face_probabilities().shape == (4, 2, 7)
    wide = q.expand((5, 4, 2))
    assert (wide.log_prob(z[0])[3] - q.log_prob(z[0])).abs().max() < 1e-5
    assert wide.sample().shape == (5, 4, 2, 3)
    one = GaussianSparsemax(torch.tensor([3.0]), 2.0)
    assert torch.equal(one.sample((2,)), torch.ones(2, 1))
    assert one.log_prob(torch.ones(1)).abs() < 1e-6


def test_refusals():
    q = GaussianSparsemax(torch.zeros(3), torch.ones(3))
    with pytest.raises(ValueError, match="support"):
        q.log_prob(torch.tensor([0.5, 0.4, 0.0]))
    with pytest.raises(ValueError, match="scale"):
        GaussianSparsemax(torch.zeros(3), -1.0)
    with pytest.raises(ValueError, match="axis"):
        GaussianSparsemax(torch.tensor(0.0), 1.0)
    with pytest.raises(ValueError, match="K ≤ 3"):
        GaussianSparsemax(torch.zeros(4), 1.0).face_probabilities()


# mutants


def by_trapezoid(alpha, slope, mean, scale, low=-torch.inf, high=torch.inf):
    """The published code's way: a trapezoid rule on a fixed, coarse grid."""
    x = torch.linspace(max(low, -5.0), min(high, 5.0), 10).double().reshape(-1, *[1] * mean.dim())
    f = -0.5 * ((x - mean) / scale) ** 2
    f = f + torch.special.log_ndtr(alpha + slope * x.unsqueeze(-1)).sum(-1)
    return torch.trapezoid(f.exp(), x.expand_as(f), dim=0).log()


def test_a_trapezoid_rule_is_found(monkeypatch):
    monkeypatch.setattr(gaussian_sparsemax, "log_gaussian_integral", by_trapezoid)
    with pytest.raises(AssertionError):
        assert_total_mass(build([0.3, -0.4, 0.1], [0.5, 0.3, 1.5]).log_prob, 3)


@pytest.mark.parametrize("power", [-0.5, -1.0, 0.5])
@pytest.mark.parametrize(("loc", "scale"), PARAMETERS)
def test_another_measure_is_found(power, loc, scale):
    """m^-½: the density per Euclidean volume; m^-1: the Jacobian forgotten."""
    q = build(loc, scale)
    with pytest.raises(AssertionError):
        assert_total_mass(
            lambda z: q.log_prob(z) + power * (z > 0).sum(-1).double().log(), len(loc)
        )


def kinks_detached(q):
    """The gradient kept only where no score was cut off."""
    z = q.rsample()
    return torch.where((z > 0).all(-1, keepdim=True), z, z.detach())


def straight_through(q):
    """The gradient of the scores themselves."""
    x = q.loc + q.scale * torch.randn_like(q.loc)
    return q.rsample().detach() + x - x.detach()


@pytest.mark.parametrize("mutant", [kinks_detached, straight_through])
def test_wrong_gradients_are_found(mutant):
    with pytest.raises(AssertionError):
        assert_slopes(mutant, [0.3, -0.4, 0.1], [0.5, 0.8, 1.5])
