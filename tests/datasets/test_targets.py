"""The targets: evidence against quadrature and against a multivariate Gaussian."""

import pytest
import torch
from torch.distributions import MultivariateNormal

from vilib import exact
from vilib.datasets import targets

TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_evidence_by_the_trapezoid_rule(name):
    target = TARGETS[name]
    z = torch.linspace(-80, 80, 800_001, dtype=torch.double)
    total = torch.trapezoid(target.log_joint(z).exp(), z).log()
    assert float(total) == pytest.approx(target.log_evidence, abs=1e-9)


@pytest.mark.parametrize("name", TARGETS)
def test_interval_holds_the_posterior(name):
    target = TARGETS[name]
    points = exact.quadrature(target.low, target.high, 400)
    assert float(exact.log_evidence(target.log_joint, points)) == pytest.approx(
        target.log_evidence, abs=1e-9
    )


@pytest.mark.parametrize("name", TARGETS)
def test_posterior_integrates_to_one_and_keeps_dtype_and_shape(name):
    target = TARGETS[name]
    z = torch.linspace(target.low, target.high, 100_001, dtype=torch.double)
    assert float(torch.trapezoid(target.log_posterior(z).exp(), z)) == pytest.approx(1, abs=1e-9)
    few = torch.zeros(2, 3, dtype=torch.float32)
    assert target.log_joint(few).shape == (2, 3)
    assert target.log_joint(few).dtype == torch.float32
    assert target.name == name


@pytest.mark.parametrize("name", ["conjugate", "heavy tails", "bimodal"])
def test_evidence_by_the_covariance_matrix(name):
    target = TARGETS[name]
    x = torch.tensor(target.observations, dtype=torch.double)
    ones = torch.ones(len(x), dtype=torch.double)
    total = 0.0
    for w, m, s in zip(target.weights, target.means, target.scales):
        covariance = target.noise**2 * torch.diag(ones) + s**2 * torch.outer(ones, ones)
        total += w * float(MultivariateNormal(m * ones, covariance).log_prob(x).exp())
    assert target.log_evidence == pytest.approx(float(torch.tensor(total).log()), abs=1e-6)


def moments(target):
    z = torch.linspace(target.low, target.high, 20_001, dtype=torch.double)
    p = target.log_posterior(z).exp()
    mean = torch.trapezoid(p * z, z)
    centred = z - mean
    variance, third, fourth = (float(torch.trapezoid(p * centred**k, z)) for k in (2, 3, 4))
    return third / variance**1.5, fourth / variance**2


def test_shapes_are_what_the_names_say():
    skewness, kurtosis = moments(TARGETS["conjugate"])
    assert (skewness, kurtosis) == (pytest.approx(0, abs=1e-6), pytest.approx(3, abs=1e-6))
    assert moments(TARGETS["skewed"])[0] < -0.4
    assert moments(TARGETS["heavy tails"])[1] > 5
    z = torch.linspace(-7, 7, 2001, dtype=torch.double)
    slope = TARGETS["bimodal"].log_joint(z).diff().sign()
    assert int((slope[1:] < slope[:-1]).sum()) == 2


def test_log_joint_has_a_gradient():
    for target in TARGETS.values():
        z = torch.tensor([0.3], dtype=torch.double, requires_grad=True)
        assert torch.autograd.gradcheck(target.log_joint, z)
