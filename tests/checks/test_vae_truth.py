"""The truths of unit 03's checks, each against a computation that shares nothing with it."""

import math

import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from vilib import exact
from vilib.checks.inverse_cdf_exact import by_bisection, implicit
from vilib.checks.linear_gaussian import LinearGaussian, diagonal
from vilib.checks.nelbo_sums_then_averages import by_quadrature
from vilib.checks.pathwise_gradient_exact import balanced
from vilib.checks.ppca_optimal import covariance, draw_data
from vilib.checks.refinement_shrinks_gap import best_diagonal
from vilib.checks.vae_mended import BUGS, draw, judged, nelbo


def doubles(*shape, seed=1):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.double)


def test_the_rate_by_quadrature_is_the_closed_form():
    m, a = doubles(2, 4, 3).clamp(-1.3, 1.3)
    q = Normal(m, (a / 2).exp())
    torch.testing.assert_close(by_quadrature(m, a), kl_divergence(q, Normal(0 * m, 1.0)))


def test_bisection_and_implicit_slopes_are_those_of_the_logit():
    u, m, s = torch.rand(20).double(), doubles(20), doubles(20, seed=2).exp()
    m, s = m.requires_grad_(), s.requires_grad_()
    z = m + s * torch.logit(u)
    found = by_bisection(u, m.detach(), s.detach())
    torch.testing.assert_close(found, z.detach(), rtol=1e-10, atol=1e-10)
    for mine, slope in zip(implicit(found, m, s), torch.autograd.grad(z.sum(), (m, s))):
        torch.testing.assert_close(mine, slope)


@pytest.mark.parametrize("D", [2, 5])
def test_balanced_noise_has_mean_nought_and_covariance_one(D):
    noise = balanced(D)
    torch.testing.assert_close(noise.mean(0), torch.zeros(D).double())
    torch.testing.assert_close(noise.T @ noise / len(noise), torch.eye(D).double())


def test_the_linear_gaussian_model_is_what_it_says():
    model = LinearGaussian.draw(seed=3, num_examples=2, num_pixels=3, num_latents=2)
    points = exact.quadrature(-9.0, 9.0, 200, dim=2)

    def log_joint(z):
        told = Normal(z @ model.weight.T + model.offset, model.scale).log_prob(model.x[0]).sum(-1)
        return told + Normal(0.0, 1.0).log_prob(z).sum(-1)

    evidence = exact.log_evidence(log_joint, points)
    torch.testing.assert_close(evidence, model.log_evidence()[0], rtol=1e-7, atol=1e-7)
    z = doubles(5, 2)
    mine = model.log_joint(z[:, None].expand(5, 2, 2))[:, 0]
    torch.testing.assert_close(mine, log_joint(z))
    q = diagonal(doubles(2, 2), doubles(2, 2, seed=4).exp())
    bound = exact.elbo(
        Independent(Normal(q.mean[0], q.stddev[0]), 1),
        log_joint,
        exact.quadrature(-25.0, 25.0, 500, dim=2),
    )
    mine = model.elbo()(q.mean, q.stddev.log())[0]
    torch.testing.assert_close(mine, bound, rtol=1e-6, atol=1e-6)


def test_no_diagonal_gaussian_is_better_than_the_best():
    model = LinearGaussian.draw(seed=5, num_examples=3, num_pixels=4, num_latents=2)
    mean, log_sd = (t.requires_grad_() for t in best_diagonal(model))
    slopes = torch.autograd.grad(model.elbo()(mean, log_sd).sum(), (mean, log_sd))
    assert max(float(g.abs().max()) for g in slopes) < 1e-9


def test_the_best_covariance_beats_its_neighbours():
    x = draw_data(seed=2, num_rows=50, num_pixels=5)
    values, vectors = torch.linalg.eigh(covariance(x))
    noise = values[:-2].mean()

    def log_p(W, noise):
        C = W @ W.T + noise * torch.eye(5).double()
        return MultivariateNormal(x.mean(0), C).log_prob(x).mean()

    W = vectors[:, -2:] * (values[-2:] - noise).sqrt()
    best = log_p(W, noise)
    closed = -0.5 * (5 * math.log(2 * math.pi) + values[-2:].log().sum() + 3 * noise.log() + 5)
    torch.testing.assert_close(best, closed)
    for seed in range(20):
        assert log_p(W + 0.05 * doubles(5, 2, seed=seed), noise) < best
        assert log_p(W, noise * (1.1 if seed % 2 else 0.9)) < best


def test_the_mended_loss_is_a_mean_of_elbos_and_every_set_of_bugs_another():
    x, noise, W, V = draw(seed=1)
    leaves = W.requires_grad_(), V.requires_grad_()

    def encode(x):
        return x @ W

    def decode(z):
        return torch.tanh(z) @ V

    by_hand = []
    for row, eps in zip(x, noise):
        mean, log_variance = encode(row).chunk(2)
        a = decode(mean + (log_variance / 2).exp() * eps)
        told = (row * a.sigmoid().log() + (1 - row) * (1 - a.sigmoid()).log()).sum()
        by_hand.append((0.5 * (log_variance.exp() + mean**2 - 1 - log_variance)).sum() - told)
    mine = nelbo(x, encode, decode, noise, frozenset())
    torch.testing.assert_close(mine, torch.stack(by_hand).mean())
    names = list(BUGS)
    subsets = [frozenset(n for i, n in enumerate(names) if k >> i & 1) for k in range(16)]
    seen = [judged(nelbo(x, encode, decode, noise, bugs), leaves) for bugs in subsets]
    for i, one in enumerate(seen):
        for other in seen[:i]:
            assert not all(torch.allclose(a, b, atol=1e-4) for a, b in zip(one, other))
