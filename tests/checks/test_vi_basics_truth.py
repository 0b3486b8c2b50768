"""The truths of unit 01's checks, each against a computation that shares nothing with it."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, StickBreakingTransform, kl_divergence

from vilib import exact
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.checks.gaussian_kl_exact import by_quadrature
from vilib.checks.gaussian_kl_full_exact import random_covariance
from vilib.checks.grid_fit import best_reverse, draw_target, kl_on_grid, moments
from vilib.checks.mean_field_optimal import conditional_variance
from vilib.checks.stick_breaking_exact import stick
from vilib.checks.word_counts import WordCounts


def doubles(*shape, seed=1):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.double)


def test_diagonal_kl_by_quadrature_is_the_closed_form():
    m, a, n, b = doubles(4, 3, 2)
    q, p = Normal(m, (a / 2).exp()), Normal(n, (b / 2).exp())
    truth = kl_divergence(q, p).sum(-1)
    torch.testing.assert_close(by_quadrature(m, a, n, b), truth, rtol=1e-9, atol=1e-9)


def test_full_kl_is_an_integral_over_the_plane():
    m, n = doubles(2, 2)
    V, W = random_covariance(2, 2, torch.Generator().manual_seed(3))
    q, p = MultivariateNormal(m, V), MultivariateNormal(n, W)
    points = exact.quadrature(-16.0, 16.0, num=300, dim=2)
    integral = exact.expectation(q, lambda z: q.log_prob(z) - p.log_prob(z), points)
    torch.testing.assert_close(integral, kl_divergence(q, p), rtol=1e-8, atol=1e-8)


def test_no_factorised_gaussian_is_better_than_the_conditional_variances():
    covariance = random_covariance(1, 4, torch.Generator().manual_seed(2))
    p = MultivariateNormal(torch.zeros(4, dtype=torch.double), covariance[0])
    log_variance = conditional_variance(covariance)[0].log().requires_grad_()
    q = MultivariateNormal(p.mean, torch.diag(log_variance.exp()))
    kl = kl_divergence(q, p)
    (gradient,) = torch.autograd.grad(kl, log_variance)
    assert gradient.abs().max() < 1e-10, "the KL is convex in the variances: stationary is best"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_zooming_search_ends_where_no_neighbour_is_better(seed):
    z, modes = draw_target(seed, "bimodal")
    log_p = modes.logsumexp(0)
    fit = best_reverse(z, log_p)
    best = kl_on_grid(fit, z, log_p, "reverse")
    mean, sd = torch.meshgrid(z[20:-20], torch.linspace(0.3, 3, 40).double(), indexing="ij")
    everywhere = kl_on_grid(torch.stack([mean, sd]), z, log_p, "reverse")
    assert best <= everywhere.min() + 1e-6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_moments_are_stationary_for_the_forward_kl(seed):
    z, modes = draw_target(seed, "bimodal")
    log_p = modes.logsumexp(0)
    fit = moments(z, log_p).requires_grad_()
    (gradient,) = torch.autograd.grad(kl_on_grid(fit, z, log_p, "forward"), fit)
    assert gradient.abs().max() < 1e-10


def test_the_word_count_elbo_is_the_closed_form():
    words = WordCounts.draw(seed=5, num_documents=4)
    m, s, x = words.q.loc, words.q.scale, words.count
    likelihood = x * m - (m + s**2 / 2).exp() - torch.lgamma(x + 1)
    prior = -0.5 * math.log(2 * math.pi) - 0.5 * ((m - 0.5) ** 2 + s**2)
    elbo = likelihood + prior + words.q.entropy()
    torch.testing.assert_close(words.mean(words.log_ratio), elbo, rtol=1e-9, atol=1e-9)


def test_the_stick_is_torchs_but_for_its_offset():
    u = doubles(5, 3)
    torchs = StickBreakingTransform()
    offset = torch.log(torch.arange(3, 0, -1, dtype=torch.double))
    torch.testing.assert_close(stick(u), torchs(u + offset))
    jacobian = torchs.log_abs_det_jacobian(u + offset, stick(u))
    torch.testing.assert_close(log_det_by_autograd(lambda u: stick(u)[:-1], u), jacobian)
