"""Both wake phases, by all multisets of samples: their limits, their bias, who gets a gradient."""

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Normal

from tests.bounds import mutants
from tests.bounds.outcomes import multisets
from tests.bounds.problems import Table, agree
from vilib.bounds import iwae, reweighted_wake, wake

COUNTS = (32, 64)


def phases(S, posterior=None):
    """E of both surrogates, `[]` each, and the leaves; `posterior` replaces the second phase."""
    model, totals = Table(), torch.zeros(2)
    for b in range(2):
        index, mass = multisets(model.logits[b].log_softmax(-1), S)
        table = model.table[b]
        q = Categorical(logits=model.logits[b].expand(len(mass), 3))
        q.sample = lambda shape, index=index: index
        log_joint = lambda z, table=table: table[z]  # noqa: E731
        found = reweighted_wake(q, log_joint, S)
        second = found.posterior
        if posterior is not None:
            log_q = q.log_prob(index)
            second = posterior((log_joint(index) - log_q), log_q)
        totals = totals + torch.stack([(mass * found.model).sum(), (mass * second).sum()])
    return totals, model


def slopes(total, model):
    """Gradients in θ and in λ."""
    return torch.autograd.grad(
        total, model.leaves, retain_graph=True, allow_unused=True, materialize_grads=True
    )


def assert_limit(found, truth):
    """At S = 32 and 64: half the bias, and next to none when extrapolated."""
    few, many = (f - truth for f in found)
    assert many.norm() < 0.05 * truth.norm(), "far from the limit"
    assert abs(many.norm() / few.norm() - 0.5) < 0.05, "does not come to the limit"
    assert (2 * many - few).norm() < 0.01 * truth.norm()


def assert_wake_posterior(posterior=None):
    """The gradient in λ comes to -∇ KL(p(z | x) ‖ q)."""
    model = Table()
    log_q, log_post = model.logits.log_softmax(-1), model.log_posterior().detach()
    gap = (log_post.exp() * (log_post - log_q)).sum()
    (truth,) = torch.autograd.grad(-gap, model.logits)
    found = []
    for S in COUNTS:
        totals, model = phases(S, posterior)
        in_theta, in_lambda = slopes(totals[1], model)
        assert (in_theta == 0).all(), "θ receives a gradient"
        found.append(in_lambda)
    assert_limit(found, truth)


def test_wake_model_comes_to_the_gradient_of_the_evidence():
    model = Table()
    (truth,) = torch.autograd.grad(model.log_evidence().sum(), model.table)
    found = []
    for S in COUNTS:
        totals, model = phases(S)
        in_theta, in_lambda = slopes(totals[0], model)
        assert (in_lambda == 0).all(), "λ receives a gradient"
        found.append(in_theta)
    assert_limit(found, truth)


def test_wake_posterior_comes_to_the_reversed_kl():
    assert_wake_posterior()


@pytest.mark.parametrize(
    ("mutant", "fault"),
    [
        (mutants.wake_posterior_unweighted, "far from the limit"),
        (mutants.wake_posterior_weights_not_detached, "θ receives"),
    ],
)
def test_mutants_die(mutant, fault):
    with pytest.raises(AssertionError, match=fault):
        assert_wake_posterior(mutant)


def test_wake_posterior_is_not_the_elbos_gradient():
    totals, model = phases(64)
    (elbo,) = torch.autograd.grad(model.elbo().sum(), model.logits)
    found = slopes(totals[1], model)[1]
    assert (found - elbo).norm() > 0.1 * elbo.norm()


def test_one_sample():
    # wake-θ is that of wake-sleep, wake-λ is 0 on average
    totals, model = phases(1)
    in_theta, _ = slopes(totals[0], model)
    agree(in_theta, model.q.probs.detach())
    agree(slopes(totals[1], model)[1], torch.zeros(2, 3))
    z = torch.tensor([[2, 0]])
    q = model.q
    q.sample = lambda shape: z
    agree(reweighted_wake(q, model.log_joint, 1).model, wake(q, model.log_joint))


def test_by_hand():
    model = Table()
    z = torch.tensor([[0, 2], [1, 2], [0, 1]])
    q = model.q
    q.sample = lambda shape: z
    found = reweighted_wake(q, model.log_joint, 3)
    log_w = model.log_joint(z) - q.log_prob(z)
    agree(found.model, iwae(log_w))
    w = log_w.detach().exp()
    agree(found.posterior, (w / w.sum(0) * q.log_prob(z)).sum(0))


def test_continuous_samples_are_held_fixed():
    loc = torch.tensor([0.3, 0.1], requires_grad=True)
    q = Normal(loc, 1.0)
    wake_terms = reweighted_wake(q, lambda z: Normal(1.0, 0.5).log_prob(z), 4)
    assert not wake_terms.model.requires_grad
    assert wake_terms.posterior.requires_grad


def test_impossible_samples():
    logit = torch.zeros(2, requires_grad=True)
    theta = torch.zeros(2, requires_grad=True)
    q = Bernoulli(logits=logit)
    # the second datapoint excludes both values, the first excludes 0
    possible = lambda z: (z == 1) & torch.tensor([True, False])  # noqa: E731
    log_joint = lambda z: torch.where(possible(z), theta - 700, -torch.inf)  # noqa: E731
    found = reweighted_wake(q, log_joint, 60)
    assert found.model.isinf().tolist() == [False, True]
    a, b = torch.autograd.grad((found.model + found.posterior).sum(), [theta, logit])
    agree(a, torch.tensor([1.0, 0.0]))
    agree(b, torch.tensor([0.5, 0.0]))


def test_refusals():
    with pytest.raises(ValueError, match="at least 1"):
        reweighted_wake(Bernoulli(torch.zeros(2)), lambda z: z, 0)
