"""log p(x), posterior and ELBO: conjugate models, identities, bounds."""

import itertools
import math

import pytest
import torch
from torch.distributions import Bernoulli, Beta, Categorical, Independent, Normal

from vilib import exact

TIGHT = 1e-10


def normal_model(x):
    """z ~ N(0, 1), x ~ N(z, .5): evidence N(0, 1.25), posterior N(.8 x, .2) (variances)."""
    return lambda z: Normal(0.0, 1.0).log_prob(z) + Normal(z, 0.5**0.5).log_prob(x)


def random_joint(N, B):
    """A table of log p(x, z) with N values of z and B observations, looked up by code."""
    return torch.randn(N, B) * 2 - 5


def test_normal_normal():
    # low dimension, wide box: the rule's error is below rounding
    x, points = torch.tensor(1.3), exact.quadrature(-12.0, 12.0)
    evidence = exact.log_evidence(normal_model(x), points)
    root = lambda v: torch.tensor(v).sqrt()  # noqa: E731
    assert evidence.shape == ()
    assert abs(evidence - Normal(0.0, root(1.25 + 0.25)).log_prob(x)) < TIGHT
    found = exact.posterior(normal_model(x), points)
    # posterior precision 1 + 2, mean x · 2/3
    truth = Normal(x * 2 / 3, root(1 / 3)).log_prob(points.values)
    assert (found - truth).abs().max() < TIGHT


def test_beta_bernoulli():
    # three heads of four: p(x) = B(2 + 3, 3 + 1) / B(2, 3)
    log_beta = lambda a, b: math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)  # noqa: E731
    points = exact.quadrature(0.0, 1.0, 50)
    log_joint = lambda p: Beta(2.0, 3.0).log_prob(p) + 3 * p.log() + (-p).log1p()  # noqa: E731
    found = exact.log_evidence(log_joint, points)
    assert abs(found - (log_beta(5, 4) - log_beta(2, 3))) < TIGHT
    posterior = exact.posterior(log_joint, points)
    assert (posterior - Beta(5.0, 4.0).log_prob(points.values)).abs().max() < TIGHT


def test_a_batch_of_observations():
    x, points = torch.tensor([-1.0, 0.0, 2.0]), exact.quadrature(-12.0, 12.0)
    batched = lambda z: normal_model(x)(z[:, None])  # noqa: E731
    evidence, posterior = exact.log_evidence(batched, points), exact.posterior(batched, points)
    assert evidence.shape == (3,)
    assert posterior.shape == (200, 3)
    for b in range(3):
        assert torch.equal(evidence[b], exact.log_evidence(normal_model(x[b]), points))
        assert torch.equal(posterior[:, b], exact.posterior(normal_model(x[b]), points))


def test_discrete_evidence_by_a_plain_loop():
    prior = Independent(Bernoulli(torch.tensor([0.2, 0.5, 0.7])), 1)
    weight = torch.tensor([1.0, -2.0, 0.5])

    def log_joint(z):
        return prior.log_prob(z) + Bernoulli(logits=z @ weight).log_prob(torch.tensor(1.0))

    total = 0.0
    for z in itertools.product((0.0, 1.0), repeat=3):
        mass = math.prod(p if v else 1 - p for p, v in zip((0.2, 0.5, 0.7), z))
        total += mass / (1 + math.exp(-(z[0] - 2 * z[1] + 0.5 * z[2])))
    points = exact.enumerate_support(prior)
    assert abs(exact.log_evidence(log_joint, points) - math.log(total)) < TIGHT
    assert abs(exact.posterior(log_joint, points).exp().sum() - 1) < TIGHT


def test_impossible_values():
    log_joint = lambda z: torch.where(z == 0, -torch.inf, -1.0)  # noqa: E731
    points = exact.enumerate_support(Bernoulli(0.5))
    assert exact.log_evidence(log_joint, points) == -1.0
    assert exact.posterior(log_joint, points).tolist() == [-torch.inf, 0.0]


def test_elbo_plus_kl_is_the_evidence():
    table, q = random_joint(6, 4), Categorical(logits=torch.randn(4, 6))
    points = exact.enumerate_support(q)
    evidence = exact.log_evidence(lambda z: table[z], points)  # [B]
    posterior = exact.posterior(lambda z: table[z], points)  # [N, B]
    lookup = lambda z: table[z, torch.arange(4)]  # noqa: E731
    elbo = exact.elbo(q, lookup)
    kl = torch.distributions.kl_divergence(q, Categorical(logits=posterior.T))
    assert (elbo + kl - evidence).abs().max() < TIGHT
    assert (elbo < evidence).all()


def test_at_the_posterior_the_elbo_is_the_evidence():
    table = random_joint(6, 4)
    points = exact.enumerate_support(Categorical(torch.ones(6)))
    q = Categorical(logits=exact.posterior(lambda z: table[z], points).T)
    elbo = exact.elbo(q, lambda z: table[z, torch.arange(4)])
    assert (elbo - exact.log_evidence(lambda z: table[z], points)).abs().max() < TIGHT


def test_elbo_by_quadrature():
    # q = N(m, s²), model z ~ N(0,1), x ~ N(z, .5): every term of the ELBO is known
    m, s, x = torch.tensor([0.3, -1.0]), torch.tensor([0.8, 0.5]), torch.tensor([1.0, 0.2])
    found = exact.elbo(Normal(m, s), normal_model(x), exact.quadrature(-12.0, 12.0, 400))
    prior = -0.5 * math.log(2 * math.pi) - (m**2 + s**2) / 2
    likelihood = -0.5 * math.log(2 * math.pi * 0.5) - ((x - m) ** 2 + s**2)
    assert (found - (prior + likelihood + Normal(m, s).entropy())).abs().max() < TIGHT


def test_wrong_shapes_are_named():
    points = exact.enumerate_support(Bernoulli(0.5))
    for function in (exact.log_evidence, exact.posterior):
        with pytest.raises(ValueError, match=r"\[2\] or \[2, B\], one value per point, got \[3\]"):
            function(lambda z: torch.zeros(3), points)
    with pytest.raises(ValueError, match=r"log_joint .* \[2, 5\], got \[2\]"):
        exact.elbo(Bernoulli(torch.full((5,), 0.5)), lambda z: torch.zeros(2))
    with pytest.raises(ValueError, match=r"f must .* \[2\], got \[2, 1\]"):
        exact.expectation(Bernoulli(0.5), lambda z: z[:, None])
