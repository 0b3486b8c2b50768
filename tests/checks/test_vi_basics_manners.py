"""How unit 01's checks behave: random state, types, precision, and the power to refuse."""

from typing import ClassVar

import pytest
import torch
from torch.distributions import Poisson
from torch.nn.functional import logsigmoid, softplus

from tests.checks.manners import Manners
from vilib import checks


def log_pmf(logits, x):
    return x * logits - softplus(logits)


def posterior(prior, heads, flips):
    per_flip = torch.where(flips[..., None] > 0, heads.log(), (1 - heads).log())
    log_joint = prior.log() + per_flip.sum(1)
    return log_joint.log_softmax(-1), log_joint.logsumexp(-1)


def elbo(q, log_joint):
    return (q * log_joint + torch.special.entr(q)).sum(-1)


def sampled_elbo(q, prior, count, num_samples, shift=0.0, stretch=1.0):
    z = q.sample((num_samples,))
    ell = prior.log_prob(z) + Poisson(z.exp()).log_prob(count) - q.log_prob(z)
    return ell.mean(0) + shift, stretch * ell.std(0) / num_samples**0.5


def kl(m, a, n, b):
    return 0.5 * ((a - b).exp() + (m - n) ** 2 / b.exp() - 1 + b - a).sum(-1)


def kl_full(m, V, n, W):
    q, p = (torch.distributions.MultivariateNormal(*pair) for pair in ((m, V), (n, W)))
    return torch.distributions.kl_divergence(q, p)


def fit(z, log_p, direction):
    log_p = log_p.log_softmax(-1)
    mean = (log_p.exp() * z).sum()
    if direction == "forward":
        return mean, (log_p.exp() * (z - mean) ** 2).sum().sqrt()
    sds = torch.linspace(0.2, 3, 57, dtype=z.dtype)
    log_q = (-0.5 * ((z - z[:, None, None]) / sds[:, None]) ** 2).log_softmax(-1)
    best = (log_q.exp() * (log_q - log_p)).sum(-1).argmin()
    return z[best // 57], sds[best % 57]


def mean_field(mean, covariance):
    return mean, 1 / covariance.inverse().diagonal(dim1=-2, dim2=-1)


def positive(u):
    return softplus(u), logsigmoid(u).sum(-1)


def proportions(u):
    zero = torch.zeros_like(u[..., :1])
    left = logsigmoid(-u).cumsum(-1)
    log_z = torch.cat([logsigmoid(u), zero], -1) + torch.cat([zero, left], -1)
    return log_z.exp(), log_z.sum(-1)


class TestManners(Manners):
    RIGHT: ClassVar = {
        "bernoulli_log_pmf_is_exact": (log_pmf,),
        "bernoulli_log_pmf_is_stable": (log_pmf,),
        "posterior_is_exact": (posterior,),
        "posterior_survives_long_documents": (posterior,),
        "discrete_elbo_is_exact": (elbo,),
        "elbo_plus_kl_is_evidence": (elbo,),
        "monte_carlo_elbo_is_unbiased": (sampled_elbo,),
        "standard_error_is_right": (sampled_elbo,),
        "gaussian_kl_is_exact": (kl,),
        "gaussian_kl_is_additive": (kl,),
        "gaussian_kl_full_is_exact": (kl_full,),
        "mean_field_is_optimal": (mean_field,),
        "kl_fit_is_optimal": (fit,),
        "softplus_transform_is_exact": (positive,),
        "stick_breaking_is_exact": (proportions,),
    }


@pytest.mark.parametrize("shift", [-0.02, 0.02])
def test_an_estimate_that_is_off_by_a_fiftieth_of_a_nat_is_refused(shift):
    with pytest.raises(checks.Mistake, match="standard errors from the truth"):
        checks.monte_carlo_elbo_is_unbiased(
            lambda *arguments: sampled_elbo(*arguments, shift=shift), seed=1
        )


@pytest.mark.parametrize("stretch", [0.9, 1.1])
def test_a_standard_error_that_is_off_by_a_tenth_is_refused(stretch):
    with pytest.raises(checks.Mistake, match="standard errors from the truth"):
        checks.standard_error_is_right(
            lambda *arguments: sampled_elbo(*arguments, stretch=stretch), seed=1
        )


@pytest.mark.parametrize("error", [1e-6, -1e-6])
def test_exact_checks_see_the_sixth_decimal(error):
    with pytest.raises(checks.Mistake):
        checks.gaussian_kl_is_exact(lambda *arguments: kl(*arguments) + error, seed=1)
