"""The mixed Dirichlet against enumeration of its faces and torch's own Dirichlet."""

import itertools

import pytest
import torch
from torch.autograd import gradcheck
from torch.distributions import Dirichlet, kl_divergence

from tests.distributions.on_simplex import expectation, frequencies, masses, number
from vilib.distributions import MixedDirichlet
from vilib.distributions.faces import faces

SCORES, ALPHA = [0.5, -1.0, 0.2], [1.5, 2.0, 1.0]


def build(scores=SCORES, alpha=ALPHA):
    return MixedDirichlet(torch.tensor(scores).double(), torch.tensor(alpha).double())


def by_hand(q):
    """(face, P(face), Dirichlet on it or None) for each face, by direct enumeration."""
    K = q.event_shape[0]
    subsets = [s for m in range(1, K + 1) for s in itertools.combinations(range(K), m)]
    weight = torch.stack([q.scores[list(s)].sum().exp() for s in subsets])
    for subset, p in zip(subsets, weight / weight.sum()):
        inner = Dirichlet(q.concentration[list(subset)]) if len(subset) > 1 else None
        yield subset, p, inner


def assert_mass(log_prob, K=3):
    total = sum(masses(log_prob, K, 60).values())
    assert (total - 1).abs() < 1e-6, total


def assert_moments(z, q):
    """The sample mean within 5 standard errors of the closed mean."""
    error = z.std(0) / len(z) ** 0.5
    assert ((z.mean(0) - q.mean).abs() < 5 * error).all()


def assert_frequencies(z, q):
    P = q.face_probabilities()
    gap = frequencies(z) - P.cpu()
    assert (gap.abs() < 5 * (P * (1 - P) / len(z)).sqrt().cpu()).all()


def test_log_prob_by_hand():
    q = build()
    for face, p, inner in by_hand(q):
        z = torch.zeros(3).double()
        z[list(face)] = inner.sample() if inner else 1.0
        want = p.log() + (inner.log_prob(z[list(face)]) if inner else 0.0)
        assert (q.log_prob(z) - want).abs() < 1e-10


@pytest.mark.parametrize("alpha", [[1.0, 1.0, 1.0], [3.0, 2.0, 4.0]])
def test_total_mass(alpha):
    assert_mass(build(alpha=alpha).log_prob)


def test_face_probabilities():
    q = build()
    for face, p, _ in by_hand(q):
        assert (q.face_probabilities()[number(face)] - p).abs() < 1e-15
    marginal = q.face_probabilities() @ faces(3).double()
    assert (q.vertex_probabilities - marginal).abs().max() < 1e-15
    assert (q.face_probabilities().sum() - 1).abs() < 1e-15


def test_mean_and_entropy_by_hand():
    q = build()
    mean, entropy = torch.zeros(3).double(), 0.0
    for face, p, inner in by_hand(q):
        mean[list(face)] += p * (inner.mean if inner else 1.0)
        entropy = entropy - p * p.log() + (p * inner.entropy() if inner else 0.0)
    assert (q.mean - mean).abs().max() < 1e-14
    assert (q.entropy() - entropy).abs() < 1e-13


def test_mean_and_entropy_by_quadrature():
    q = build(alpha=[3.0, 2.0, 4.0])
    assert (expectation(q.log_prob, lambda z: -q.log_prob(z), 3, 60) - q.entropy()).abs() < 1e-6
    for k in range(3):
        mean = expectation(q.log_prob, lambda z, k=k: z[:, k], 3, 60)
        assert (mean - q.mean[k]).abs() < 1e-10


def test_kl():
    p, q = build(), build([-0.3, 0.4, 1.0], [2.0, 0.5, 3.0])
    kl = 0.0
    for (_, a, inner_p), (_, b, inner_q) in zip(by_hand(p), by_hand(q)):
        kl = kl + a * (a / b).log() + (a * kl_divergence(inner_p, inner_q) if inner_p else 0.0)
    assert (kl_divergence(p, q) - kl).abs() < 1e-13
    assert kl_divergence(p, p).abs() < 1e-14
    cross = expectation(p.log_prob, lambda z: p.log_prob(z) - q.log_prob(z), 3, 200)
    assert (kl_divergence(p, q) - cross).abs() < 1e-3


def test_sampling():
    q = MixedDirichlet(torch.tensor(SCORES), torch.tensor(ALPHA))
    z = q.sample((100_000,))
    assert_frequencies(z, q)
    assert_moments(z, q)
    nll = -q.log_prob(z)
    assert (nll.mean() - q.entropy()).abs() < 5 * nll.std() / len(z) ** 0.5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("score", [-1e3, -50.0, 0.0, 50.0, 1e3])
@pytest.mark.parametrize("alpha", [1e-3, 1.0, 1e3])
def test_extreme_parameters(dtype, score, alpha):
    """Values and gradients stay finite, and a sample stays on the face that was drawn."""
    scores = torch.full((4,), score, dtype=dtype, requires_grad=True)
    concentration = torch.full((4,), alpha, dtype=dtype, requires_grad=True)
    q = MixedDirichlet(scores, concentration)
    z = q.sample((2000,))
    assert z.isfinite().all()
    assert ((z.sum(-1) - 1).abs() < 1e-5).all()
    size = (z > 0).sum(-1).double().mean()
    # the number of vertices: one where all scores are low, all four where they are high
    assert (size - q.vertex_probabilities.sum()).abs() < 5 * (4 / 2000) ** 0.5
    outputs = q.log_prob(z), q.mean, q.entropy(), q.face_probabilities(), q.log_normaliser
    for output in outputs:
        assert output.isfinite().all()
        grads = torch.autograd.grad(
            output.sum(), [scores, concentration], retain_graph=True, allow_unused=True
        )
        assert all(g.isfinite().all() for g in grads if g is not None)


def test_small_concentrations_do_not_underflow():
    """With α = .01 most Gamma variates are 0 in float32, and the Dirichlet nearly a vertex."""
    alpha = torch.tensor([0.01, 0.02], dtype=torch.float32)
    q = MixedDirichlet(torch.full((2,), 50.0, dtype=torch.float32), alpha)
    z = q.sample((50_000,))
    assert (z > 0).all()
    assert_moments(z, q)


@pytest.mark.parametrize("z", [[1.0, 0.0, 0.0], [0.4, 0.6, 0.0], [0.2, 0.3, 0.5]])
def test_gradients(z):
    z = torch.tensor(z).double()
    scores = torch.randn(2, 3).double().requires_grad_()
    alpha = (0.5 + torch.rand(2, 3)).double().requires_grad_()
    assert gradcheck(lambda s, a: MixedDirichlet(s, a).log_prob(z), (scores, alpha))
    for name in ("mean", "log_normaliser", "vertex_probabilities"):
        assert gradcheck(lambda s, a, n=name: getattr(MixedDirichlet(s, a), n), (scores, alpha))
    assert gradcheck(lambda s, a: MixedDirichlet(s, a).entropy(), (scores, alpha))


def test_shapes(dtype):
    q = MixedDirichlet(torch.randn(4, 1, 3), torch.ones(2, 3))
    z = q.sample((7,))
    assert (z.shape, z.dtype) == ((7, 4, 2, 3), dtype)
    assert q.log_prob(z).shape == (7, 4, 2)
    assert q.mean.shape == (4, 2, 3)
    assert q.entropy().shape == kl_divergence(q, q).shape == (4, 2)
    assert q.face_probabilities().shape == (4, 2, 7)
    wide = q.expand((5, 4, 2))
    assert (wide.log_prob(z[0])[3] - q.log_prob(z[0])).abs().max() < 1e-4
    one = MixedDirichlet(torch.tensor([-3.0]), 2.0)
    assert torch.equal(one.sample(), torch.ones(1))
    assert torch.equal(one.log_prob(torch.ones(1)), torch.tensor(0.0))


def test_refusals():
    with pytest.raises(ValueError, match="2097151"):
        MixedDirichlet(torch.zeros(21), 1.0).entropy()
    with pytest.raises(ValueError, match="support"):
        build().log_prob(torch.tensor([0.5, 0.4, 0.0]).double())
    with pytest.raises(ValueError, match="concentration"):
        MixedDirichlet(torch.zeros(3), -1.0)
    with pytest.raises(ValueError, match="axis"):
        MixedDirichlet(torch.tensor(0.0), 1.0)


# mutants


def independent_coins(q, S):
    """The empty face redrawn as one vertex taken at random, instead of excluded."""
    coins = torch.rand(S, 3) < q.scores.sigmoid()
    rescued = torch.nn.functional.one_hot(torch.randint(3, (S,)), 3).bool()
    return torch.where(coins.any(-1, keepdim=True), coins, rescued).float()


def test_a_wrong_face_sampler_is_found():
    q = MixedDirichlet(torch.tensor(SCORES), torch.tensor(ALPHA))
    with pytest.raises(AssertionError):
        assert_frequencies(independent_coins(q, 100_000), q)


@pytest.mark.parametrize(
    "shift",
    [
        # density per Euclidean volume
        lambda q, z: -0.5 * (z > 0).sum(-1).double().log(),
        # the empty face counted
        lambda q, z: q.log_normaliser - torch.nn.functional.softplus(q.scores).sum(-1),
        # the constant of the Dirichlet on all vertices, whatever the face
        lambda q, z: (
            torch.lgamma(q.concentration.sum()) - torch.lgamma((q.concentration * (z > 0)).sum(-1))
        ),
    ],
)
def test_wrong_densities_are_found(shift):
    q = build()
    with pytest.raises(AssertionError):
        assert_mass(lambda z: q.log_prob(z) + shift(q, z))


def test_clamped_gammas_are_found():
    """Gammas that are kept above the smallest number, then normalised: uniform where all were."""
    α = torch.tensor([0.01, 0.02], dtype=torch.float32)
    q = MixedDirichlet(torch.full((2,), 50.0, dtype=torch.float32), α)
    gamma = torch._standard_gamma(α.expand(50_000, 2)).clamp(min=torch.finfo(torch.float32).tiny)
    with pytest.raises(AssertionError):
        assert_moments(gamma / gamma.sum(-1, keepdim=True), q)
