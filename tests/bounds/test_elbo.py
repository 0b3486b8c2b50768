"""The ELBO: value and gradient against closed forms, quadrature and enumeration."""

import functools

import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, TransformedDistribution
from torch.distributions.transforms import AffineTransform

from tests.bounds import mutants
from tests.bounds.problems import BernoulliVAE, LinearGaussian, agree
from vilib import exact
from vilib.bounds import RateDistortion, elbo, rate_distortion
from vilib.estimators import Enumeration, ScoreFunction

KINDS = ("closed", "sampled")


def assert_gaussian(bound):
    """E[bound] = log p(x) - KL(q ‖ posterior), and so are the gradients in μ, log σ and W."""
    model = LinearGaussian()
    q, mass = model.at_nodes()
    found, truth = (mass * bound(q, model.log_likelihood, model.prior)).sum(0), model.elbo()
    agree(found, truth)
    slopes = (torch.autograd.grad(v.sum(), model.leaves) for v in (found, truth))
    for got, want in zip(*slopes):
        agree(got, want, size=10)


def assert_bernoulli(bound):
    """E[bound] = log p(x) - KL(q ‖ posterior) by enumeration."""
    model = BernoulliVAE()
    q, mass = model.at_codes()
    found = (mass * bound(q, model.log_likelihood, model.prior)).sum(0)
    agree(found, exact.elbo(model.q, model.log_joint).to(found))
    points = exact.enumerate_support(model.prior)
    log_post = exact.posterior(lambda z: model.log_joint(z[:, None]), points)
    log_q = model.q.log_prob(points.values[:, None])
    gap = (log_q.exp() * (log_q - log_post)).sum(0)
    agree(found, (model.log_evidence() - gap).to(found))


@pytest.mark.parametrize("kl", KINDS)
@pytest.mark.parametrize("check", [assert_gaussian, assert_bernoulli])
def test_is_the_evidence_minus_the_gap(check, kl):
    check(functools.partial(elbo, kl=kl))


@pytest.mark.parametrize("mutant", [mutants.elbo_kl_averaged, mutants.elbo_kl_reversed])
@pytest.mark.parametrize("check", [assert_gaussian, assert_bernoulli])
def test_mutants_die(check, mutant):
    with pytest.raises(AssertionError, match="off by"):
        check(mutant)


def test_closed_and_sampled_agree_in_standard_errors():
    model = LinearGaussian()
    q = model.q.expand((200_000, 3))
    closed = rate_distortion(q, lambda z: z.sum(-1), model.prior).rate
    sampled = rate_distortion(q, lambda z: z.sum(-1), model.prior, kl="sampled").rate
    error = sampled.std(0) / 200_000**0.5
    assert (5 * error < 0.05 * closed[0]).all(), "a bias of 5 % would not be seen"
    assert ((sampled.mean(0) - closed[0]).abs() < 5 * error).all()


def test_the_mean_of_samples():
    model = LinearGaussian()
    z = torch.randn(4, 3, 2)
    q = model.q
    q.rsample = lambda shape: z[: shape[0]]
    one = torch.stack([model.log_joint(z[s]) - q.log_prob(z[s]) for s in range(4)])
    agree(elbo(q, model.log_likelihood, model.prior, 4, kl="sampled"), one.mean(0))


def test_rate_and_distortion_make_the_elbo():
    model = BernoulliVAE()
    terms = rate_distortion(model.q, model.log_likelihood, model.prior, 3)
    assert isinstance(terms, RateDistortion)
    assert (terms.rate >= 0).all()
    assert (terms.distortion >= 0).all()
    agree(terms.elbo, -(terms.rate + terms.distortion))


def test_discrete_gradient_through_an_estimator():
    # both ways that the docstring names; enumeration has no sampling error
    model = BernoulliVAE()
    truth = exact.gradient(
        model.q, lambda z: model.log_joint(z) - model.q.log_prob(z.to(model.x)), model.leaves
    )
    q = model.q
    whole = Enumeration()(q, lambda z: model.log_joint(z) - q.log_prob(z))
    split = Enumeration()(q, model.log_likelihood) - closed_kl(q, model.prior)
    for surrogate in (whole, split):
        slopes = torch.autograd.grad(surrogate.sum(), model.leaves, retain_graph=True)
        for got, want in zip(slopes, truth):
            agree(got, want, size=10)
    surrogate = ScoreFunction()(q, lambda z: model.log_joint(z) - q.log_prob(z), 2)
    assert surrogate.shape == (2,)


def closed_kl(q, prior):
    return torch.distributions.kl_divergence(q, prior.expand(q.batch_shape))


def test_discrete_gradient_without_an_estimator_is_incomplete():
    # the reason why the docstring asks for one
    model = BernoulliVAE()
    q, mass = model.at_codes()
    found = (mass.detach() * elbo(q, model.log_likelihood, model.prior)).sum()
    (got,) = torch.autograd.grad(found, model.V)
    (want,) = torch.autograd.grad(exact.elbo(model.q, model.log_joint).sum(), model.V)
    assert (got - want).norm() > 0.1 * want.norm()


def test_impossible_data():
    model = LinearGaussian()
    impossible = lambda z: torch.where(z[..., 0] > -torch.inf, -torch.inf, z.sum(-1))  # noqa: E731
    value = elbo(model.q, impossible, model.prior)
    assert value.tolist() == [-torch.inf] * 3
    for g in torch.autograd.grad(value.sum(), model.leaves[:2]):
        assert g.isfinite().all()


def test_refusals():
    model = LinearGaussian()
    likelihood, prior = model.log_likelihood, model.prior
    with pytest.raises(ValueError, match="do not fit"):
        elbo(model.q, likelihood, Normal(torch.zeros(2), 1.0))
    with pytest.raises(ValueError, match="do not fit"):
        elbo(Normal(torch.tensor(0.0), 1.0), lambda z: z, Normal(torch.zeros(1), 1.0))
    with pytest.raises(ValueError, match='"closed" or "sampled"'):
        elbo(model.q, likelihood, prior, kl="exact")
    with pytest.raises(ValueError, match="at least 1"):
        elbo(model.q, likelihood, prior, num_samples=0)
    with pytest.raises(ValueError, match="one value per sample"):
        elbo(model.q, lambda z: z, prior)


def test_without_a_closed_form():
    model = LinearGaussian()
    flow = TransformedDistribution(model.q, AffineTransform(1.0, 2.0, event_dim=1))
    with pytest.raises(ValueError, match="sampled"):
        elbo(flow, model.log_likelihood, model.prior)
    assert elbo(flow, model.log_likelihood, model.prior, kl="sampled").isfinite().all()
    full = MultivariateNormal(torch.zeros(3, 2), torch.eye(2))
    wide = Independent(Normal(torch.zeros(2), 2.0), 1)
    assert elbo(full, model.log_likelihood, wide, kl="sampled").shape == (3,)
