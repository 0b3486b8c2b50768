"""log w: its mean, its spread at the posterior, its gradient, and what is refused."""

import pytest
import torch
from torch.distributions import Bernoulli, Normal

from tests.bounds.problems import BernoulliVAE, LinearGaussian, Table, agree, rounding
from vilib.bounds import elbo, importance, iwae, log_weights, rate_distortion, renyi


def test_by_hand():
    model, seen = LinearGaussian(), []

    def log_joint(z):
        seen.append(z)
        return model.log_joint(z)

    found = log_weights(model.q, log_joint, 5)
    (z,) = seen
    assert z.shape == (5, 3, 2)
    assert z.requires_grad
    agree(found, model.log_joint(z) - model.q.log_prob(z))


def test_mean_weight_is_the_evidence():
    model = LinearGaussian()
    # wider than the posterior: the tails of w are inside the box of the nodes
    model.log_scale.data.fill_(0.3)
    q, mass = model.at_nodes(120)
    w = log_weights(q, model.log_joint).exp()[0]
    agree((mass * w).sum(0), model.log_evidence().exp())
    vae = BernoulliVAE()
    q, mass = vae.at_codes()
    agree((mass * log_weights(q, vae.log_joint).exp()[0]).sum(0), vae.log_evidence().exp())


@pytest.mark.parametrize("samples", [1, 2, 7])
@pytest.mark.parametrize("model", [LinearGaussian, Table])
def test_at_the_posterior_every_bound_is_the_evidence(model, samples):
    model = model()
    truth, q = model.log_evidence(), model.posterior()
    log_w = log_weights(q, model.log_joint, samples)
    agree(log_w, truth.expand_as(log_w), size=10)
    agree(iwae(log_w), truth, size=10)
    for alpha in (-torch.inf, -2.0, 0.0, 0.5, 0.999, 1.0, 1.001, 3.0, torch.inf):
        agree(renyi(log_w, alpha), truth, size=10)
    found = importance(q, model.log_joint, samples)
    agree(found.log_evidence, truth, size=10)
    agree(found.effective_sample_size, torch.full_like(truth, samples), size=10 * samples)
    if samples > 1:
        # the root of a rounding error
        assert found.standard_error.max() < rounding() ** 0.5


def test_discrete_samples_carry_no_gradient_of_their_own():
    model, seen = Table(), []

    def log_joint(z):
        seen.append(z)
        return model.log_joint(z)

    log_weights(model.q, log_joint, 3)
    assert seen[0].shape == (3, 2)
    assert seen[0].dtype == torch.int64


def test_without_a_batch():
    q = Normal(torch.tensor(0.5), 2.0)
    prior = Normal(0.0, 1.0)
    assert log_weights(q, prior.log_prob, 4).shape == (4,)
    assert iwae(log_weights(q, prior.log_prob, 4)).shape == ()
    assert elbo(q, prior.log_prob, prior, 4).shape == ()
    assert rate_distortion(q, prior.log_prob, prior, 4, kl="sampled").rate.shape == ()
    found = importance(q, prior.log_prob, 4, chunk_size=3)
    assert [x.shape for x in found] == [(), (), ()]


def test_impossible_samples():
    # p(z = 0) = 0: half the samples have weight 0
    log_joint = lambda z: torch.where(z == 0, -torch.inf, -1.0)  # noqa: E731
    log_w = log_weights(Bernoulli(torch.full((50,), 0.5)), log_joint, 3)
    assert not log_w.isnan().any()
    assert log_w.isinf().any()


def test_refusals():
    q = Normal(torch.zeros(2, 3), 1.0)
    with pytest.raises(ValueError, match="Independent"):
        log_weights(q, lambda z: z.sum(-1))
    with pytest.raises(ValueError, match="at least 1"):
        log_weights(q, lambda z: z, 0)
