"""DReG, by quadrature over the noise of both samples: no Monte Carlo error."""

import math
from dataclasses import replace

import pytest
import torch
from torch.distributions import Bernoulli, Independent, Normal

from tests.estimators.exact_moments import assert_close, by_nodes, forced_normal, per_copy
from tests.estimators.gaussian import curved, iwae_and_gradient, nodes, solved, wide, without_log_q
from vilib.estimators import Estimator
from vilib.estimators.dreg import DReG
from vilib.estimators.sticking_the_landing import StickingTheLanding

LAMBDA, THETA = slice(0, 2), slice(2, 3)  # q's parameters and the decoder's


def assert_exact(estimator, problem, samples=2):
    value, found = by_nodes(estimator, problem, samples)
    bound, truth = iwae_and_gradient(problem, samples)
    assert_close(found.mean, truth, problem)
    assert value == pytest.approx(bound, abs=1e-4)


class Handmade(Estimator):
    """DReG with a hook on the sample and a score to be replaced."""

    def hook(self, weights):
        return weights

    def score(self, weights, log_q):
        return weights * log_q

    def __call__(self, q, f, num_samples=1):
        z = q.rsample((num_samples,))
        log_w = f(z)
        weights = log_w.detach().softmax(0)
        z.register_hook(lambda g: g * self.hook(weights)[..., None])
        score = self.score(weights, q.log_prob(z.detach())).sum(0)
        return log_w.logsumexp(0) - math.log(num_samples) + score - score.detach()


class SingleWeight(Handmade):
    """w̃ where w̃² belongs: the plain gradient of the bound, with its direct part removed."""

    def hook(self, weights):
        return torch.ones_like(weights)


class DirectPartNotCancelled(Handmade):
    """w̃² on the path, and the direct dependence of -log q left in."""

    def score(self, weights, log_q):
        return 0 * log_q


class SquaredEverywhere(Handmade):
    """w̃² for the score as well."""

    def score(self, weights, log_q):
        return weights**2 * log_q


class DecoderSquared(Estimator):
    """w̃² for the decoder as well."""

    def __call__(self, q, f, num_samples=1):
        z = q.rsample((num_samples,))
        log_w, weights = f(z), f(z).detach().softmax(0)
        score = ((weights**2).detach() * q.log_prob(z.detach())).sum(0)
        bound = log_w.logsumexp(0) - math.log(num_samples)
        term = (weights**2 * log_w).sum(0) + score
        return bound.detach() + term - term.detach()


class Plain(Handmade):
    """The pathwise gradient of the bound: unbiased, but its signal drowns."""

    def hook(self, weights):
        return torch.ones_like(weights)

    def score(self, weights, log_q):
        return 0 * log_q


@pytest.mark.parametrize("problem", [curved, solved, without_log_q])
@pytest.mark.parametrize("estimator", [DReG, Handmade, Plain])
def test_the_mean_is_exact_for_any_f(estimator, problem):
    assert_exact(estimator(), problem())


def test_three_samples():
    # as many nodes as triples allow
    value, found = by_nodes(DReG(), curved(), 3, num=44)
    bound, truth = iwae_and_gradient(replace(curved(), points=nodes(90)), 3)
    assert value == pytest.approx(bound, abs=1e-5)
    assert torch.allclose(found.mean, truth, atol=1e-5)


MUTANTS = [SingleWeight, DirectPartNotCancelled, SquaredEverywhere, DecoderSquared]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_mutants(mutant):
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(mutant(), curved())


def test_with_one_sample_it_is_sticking_the_landing():
    with forced_normal(torch.randn(1, 100, 1)):
        value, g = per_copy(DReG(), curved(), 1, 100)
        expected_value, expected = per_copy(StickingTheLanding(), curved(), 1, 100)
    assert torch.allclose(value, expected_value, atol=1e-5)
    assert torch.allclose(g, expected, atol=1e-4)


def test_at_the_posterior_no_noise_is_left():
    _, g = per_copy(DReG(), solved(), 5, 1000)
    assert g[:, LAMBDA].abs().max() < 100 * torch.finfo(torch.get_default_dtype()).eps
    assert g[:, THETA].abs().max() > 0.1


def test_without_log_q_the_last_term_is_noise():
    ours, plain = (by_nodes(e, without_log_q(), 2)[1].variance for e in (DReG(), Plain()))
    assert ours[LAMBDA].sum() > plain[LAMBDA].sum()
    ours, plain = (by_nodes(e, curved(), 2)[1].variance for e in (DReG(), Plain()))
    assert ours[LAMBDA].sum() < plain[LAMBDA].sum()


def signal_to_noise(samples, copies):
    """|mean| / sd of the gradient in q's mean, `[2]`: DReG's and the plain one's.

    Both have the same mean; DReG's draws tell it better.
    """
    ours, plain = (per_copy(e, wide(), samples, copies)[1][:, 0] for e in (DReG(), Plain()))
    return ours.mean().abs() / torch.stack([ours.std(), plain.std()])


def test_the_signal_grows_with_samples_where_the_plain_one_drowns():
    few, many = (torch.stack([signal_to_noise(S, 500) for _ in range(12)]).log() for S in (16, 256))
    growth = (many - few) / math.log(256 / 16)
    mean, error = growth.mean(0), growth.std(0) / 12**0.5
    assert mean[0] > 5 * error[0]
    assert mean[1] < -5 * error[1]
    # as √S and as 1/√S, when S is large
    assert ((mean - torch.tensor([0.5, -0.5])).abs() < 5 * error + 0.02).all()
    assert (error < 0.02).all()


def vectors(event):
    """q over `event` axes for three datapoints, a curved f, and the parameters of both."""
    mean, scale = torch.randn(3, *event), torch.rand(3, *event) + 0.5
    w = torch.tensor(0.7)
    for p in (mean, scale, w):
        p.requires_grad_()
    q = Independent(Normal(mean, scale), len(event))
    total = lambda z: z.reshape(*z.shape[:2], -1).sum(-1)  # noqa: E731
    return q, lambda z: total((w * z).cos() - z**2) - q.log_prob(z), (mean, scale, w)


@pytest.mark.parametrize("event", [(), (4,), (2, 3)])
def test_every_sample_and_axis_by_hand(event):
    q, f, (mean, scale, w) = vectors(event)
    noise = torch.randn(5, 3, *event)
    with forced_normal(noise):
        surrogate = DReG()(q, f, 5)
    found = torch.autograd.grad(surrogate.sum(), (mean, scale, w))
    z = (mean + scale * noise).detach().requires_grad_()
    values = f(z)
    weights = values.detach().softmax(0)
    (slope,) = torch.autograd.grad(values.sum(), z, retain_graph=True)
    path = weights.reshape(5, 3, *[1] * len(event)) ** 2 * slope
    (direct,) = torch.autograd.grad((weights * values).sum(), w)
    assert torch.allclose(surrogate, values.exp().mean(0).log(), atol=1e-5)
    for ours, expected in zip(found, (path.sum(0), (path * noise).sum(0), direct)):
        assert torch.allclose(ours, expected, atol=1e-5)


def test_the_weights_stay_on_the_path_of_the_bound():
    q, f, (mean, *_) = vectors((2,))
    noise = torch.randn(4, 3, 2)
    alone, other = mean.square().sum(), lambda: q.rsample((4,)).sin().sum()
    with forced_normal(noise):
        parts = [DReG()(q, f, 4).sum(), alone, other()]
        expected = sum(torch.autograd.grad(part, mean, retain_graph=True)[0] for part in parts)
        whole = DReG()(q, f, 4).sum() + alone + other()
    found = [torch.autograd.grad(whole, mean, retain_graph=True)[0] for _ in range(2)]
    assert torch.allclose(found[0], expected)
    assert torch.equal(found[0], found[1])


def test_weights_hundreds_of_nats_apart():
    mean = torch.zeros(3, 1, requires_grad=True)
    q = Independent(Normal(mean, 30.0), 1)
    surrogate = DReG()(q, lambda z: -(z[..., 0] ** 2) - q.log_prob(z), 6)
    surrogate.sum().backward()
    assert torch.isfinite(surrogate).all()
    assert torch.isfinite(mean.grad).all()


def test_refusals_and_calls_without_gradients():
    with pytest.raises(ValueError, match="VIMCO does without"):
        DReG()(Bernoulli(logits=torch.zeros(2)), lambda z: z)
    q = Independent(Normal(torch.zeros(3, 2), 1.0), 1)
    assert DReG()(q, lambda z: z.sum(-1), 4).shape == (3,)
    with pytest.raises(ValueError, match="one value per sample and datapoint"):
        DReG()(q, lambda z: z)
    q = Normal(torch.tensor(0.0, requires_grad=True), 1.0)
    with torch.no_grad():
        assert not DReG()(q, lambda z: z**2, 2).requires_grad
    # f that does not look at z, and q that is fixed
    w = torch.tensor(2.0, requires_grad=True)
    DReG()(Normal(0.0, 1.0), lambda z: w + 0 * z, 3).backward()
    assert w.grad.item() == pytest.approx(1.0)
