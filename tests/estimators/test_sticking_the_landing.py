"""Sticking the landing, by quadrature over the noise: no Monte Carlo error."""

import pytest
import torch
from torch.distributions import Bernoulli, Independent, Normal

from tests.estimators.exact_moments import assert_close, by_nodes, forced_normal, per_copy
from tests.estimators.gaussian import curved, solved, without_log_q
from vilib.estimators import Estimator, Pathwise
from vilib.estimators.sticking_the_landing import StickingTheLanding

LAMBDA, THETA = slice(0, 2), slice(2, 3)  # q's parameters and the decoder's


def assert_exact(estimator, problem, samples=1):
    assert_close(by_nodes(estimator, problem, samples)[1].mean, problem.gradient(), problem)


class DecoderStopped(Estimator):
    """Only the path: nothing that f depends on directly gets a gradient."""

    def __call__(self, q, f, num_samples=1):
        z = q.rsample((num_samples,))
        values = f(z)
        (slope,) = torch.autograd.grad(values.sum(), z, retain_graph=True)
        return (values.detach() + (slope * (z - z.detach())).sum(-1)).mean(0)


class ScoreTwice(Estimator):
    """The path through log q cancelled instead of its direct part."""

    def __call__(self, q, f, num_samples=1):
        z = q.rsample((num_samples,))
        log_q = q.log_prob(z)
        return (f(z) + (log_q - log_q.detach())).mean(0)


class SampleStopped(Estimator):
    """The sample detached for good."""

    def __call__(self, q, f, num_samples=1):
        return StickingTheLanding()(q, lambda z: f(z.detach()), num_samples)


@pytest.mark.parametrize("problem", [curved, without_log_q, solved])
@pytest.mark.parametrize("samples", [1, 2])
def test_the_mean_is_exact_for_any_f(problem, samples):
    assert_exact(StickingTheLanding(), problem(), samples)


@pytest.mark.parametrize("mutant", [DecoderStopped, ScoreTwice, SampleStopped])
def test_mutants(mutant):
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(mutant(), curved())


def test_at_the_posterior_no_noise_is_left():
    # for every sample, where the pathwise estimator is right only on average
    with forced_normal(torch.randn(1, 1000, 1)):
        _, ours = per_copy(StickingTheLanding(), solved(), 1, 1000)
        _, path = per_copy(Pathwise(), solved(), 1, 1000)
    tiny = 100 * torch.finfo(torch.get_default_dtype()).eps
    assert ours[:, LAMBDA].abs().max() < tiny
    assert path[:, LAMBDA].abs().max() > 1
    # the decoder learns all the same
    assert torch.allclose(ours[:, THETA], path[:, THETA], atol=1e-5)


def test_the_order_of_variances_turns_with_the_distance_from_the_posterior():
    near, near_path = (by_nodes(e, solved(), 1)[1] for e in (StickingTheLanding(), Pathwise()))
    assert near.variance[LAMBDA].sum() < 1e-9 < near_path.variance[LAMBDA].sum()
    # where f has no -log q, the score is noise
    far, far_path = (by_nodes(e, without_log_q(), 1)[1] for e in (StickingTheLanding(), Pathwise()))
    assert far.variance[LAMBDA].sum() > far_path.variance[LAMBDA].sum()


def test_the_value_is_the_mean_of_f():
    with forced_normal(torch.randn(3, 50, 1)):
        values, _ = per_copy(StickingTheLanding(), curved(), 3, 50)
        expected, _ = per_copy(Pathwise(), curved(), 3, 50)
    assert torch.equal(values, expected)


@pytest.mark.parametrize("event", [(), (4,), (2, 3)])
def test_every_sample_and_axis_by_hand(event):
    mean, scale = torch.randn(3, *event, requires_grad=True), torch.tensor(0.8, requires_grad=True)
    q, noise = Independent(Normal(mean, scale), len(event)), torch.randn(5, 3, *event)
    f = lambda z: z.reshape(5, 3, -1).cos().sum(-1) - q.log_prob(z)  # noqa: E731
    with forced_normal(noise):
        surrogate = StickingTheLanding()(q, f, 5)
    found = torch.autograd.grad(surrogate.sum(), (mean, scale))
    z = (mean + scale * noise).detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(z).sum(), z)
    assert torch.allclose(found[0], slope.mean(0), atol=1e-5)
    assert torch.allclose(found[1], (slope * noise).mean(0).sum(), atol=1e-5)


def test_refusals_and_calls_without_gradients():
    with pytest.raises(ValueError, match="no rsample"):
        StickingTheLanding()(Bernoulli(logits=torch.zeros(2)), lambda z: z)
    q = Independent(Normal(torch.zeros(3, 2), 1.0), 1)
    assert StickingTheLanding()(q, lambda z: z.sum(-1), 4).shape == (3,)
    with pytest.raises(ValueError, match="one value per sample and datapoint"):
        StickingTheLanding()(q, lambda z: z)
    q = Normal(torch.tensor(0.0, requires_grad=True), 1.0)
    with torch.no_grad():
        assert not StickingTheLanding()(q, lambda z: z**2).requires_grad
