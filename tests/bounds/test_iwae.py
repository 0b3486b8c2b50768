"""The importance-weighted bound: exact means for S up to 64, its limit, its gradient."""

import pytest
import torch

from tests.bounds import mutants
from tests.bounds.outcomes import expected
from tests.bounds.problems import LinearGaussian, Table, agree
from vilib.bounds import iwae, log_weights


def means(bound, counts):
    """E[bound] for each S, `[len(counts), B]`, no Monte Carlo error."""
    model = Table()
    log_w, log_q = model.log_weights(), model.logits.log_softmax(-1).mT
    return torch.stack([expected(bound, log_w, log_q, S) for S in counts]).detach()


def assert_right(bound):
    """One sample: the ELBO. More: a tighter bound. Many: log p(x), with a gap of Var w / 2 S p²."""
    model = Table()
    found, truth = means(bound, (1, 2, 3, 4, 32, 64)), model.log_evidence().detach()
    agree(found[0], model.elbo().detach(), size=10)
    assert (found.diff(dim=0) > 1e-3).all(), "not monotone"
    assert (found < truth).all(), "above log p(x)"
    # what is left of the gap after S has doubled
    ratio = (truth - found[-1]) / (truth - found[-2])
    assert ((ratio - 0.5).abs() < 0.02).all(), "does not come to log p(x)"
    w = (model.log_weights() - truth).exp()
    variance = (model.q.probs.mT * (w - 1) ** 2).sum(0)
    leading = variance / 128
    assert ((truth - found[-1] - leading).abs() < 0.05 * leading).all()


def test_grows_from_the_elbo_to_the_evidence():
    assert_right(iwae)


@pytest.mark.parametrize(
    ("mutant", "fault"),
    [(mutants.iwae_without_count, "above log"), (mutants.iwae_mean_of_log, "not monotone")],
)
def test_mutants_die(mutant, fault):
    with pytest.raises(AssertionError, match=fault):
        assert_right(mutant)


def test_a_thousand_samples():
    model, copies = LinearGaussian(), 400
    # wider than the posterior, or Var w might be infinite
    model.log_scale.data.fill_(0.0)
    q = model.q.expand((copies, 3))
    found = iwae(log_weights(q, model.log_joint, 1000)).detach()
    error = found.std(0) / copies**0.5
    truth, elbo = model.log_evidence().detach(), model.elbo().detach()
    # one hundredth of the ELBO's gap would be seen
    assert (5 * error < 0.01 * (truth - elbo)).all()
    bias = found.var(0) / 2  # of the logarithm, to leading order
    assert ((found.mean(0) + bias - truth).abs() < 5 * error).all()


def test_gradient_by_hand():
    model = LinearGaussian()
    z = model.q.rsample((6,))
    log_w = model.log_joint(z) - model.q.log_prob(z)
    fixed = log_w.softmax(0).detach()
    found = torch.autograd.grad(iwae(log_w).sum(), model.leaves, retain_graph=True)
    for got, want in zip(found, torch.autograd.grad((fixed * log_w).sum(), model.leaves)):
        agree(got, want, size=10)


def test_model_gradient_comes_to_that_of_the_evidence():
    # exact expectations again: half the bias at twice the samples
    model = Table()
    (truth,) = torch.autograd.grad(model.log_evidence().sum(), model.table)
    bias = []
    for S in (24, 48):
        mean = expected(iwae, model.log_weights(), model.logits.log_softmax(-1).mT, S).sum()
        bias.append(torch.autograd.grad(mean, model.table)[0] - truth)
    assert abs(bias[1].norm() / bias[0].norm() - 0.5) < 0.03


def test_datapoints_do_not_meet():
    log_w = torch.randn(5, 3, requires_grad=True)
    together = iwae(log_w)
    agree(together, torch.cat([iwae(log_w[:, b : b + 1]) for b in range(3)]))
    (slope,) = torch.autograd.grad(together[1], log_w)
    assert slope[:, [0, 2]].abs().max() == 0


def test_impossible_samples_and_hundreds_of_nats():
    log_w = torch.tensor([[-torch.inf, -torch.inf, -900.0], [-torch.inf, -500.0, 300.0]])
    log_w.requires_grad_()
    value = iwae(log_w)
    log_2 = torch.tensor(2.0).log()
    assert value[0] == -torch.inf
    agree(value[1:], torch.tensor([-500.0, 300.0]) - log_2, size=1)
    (slope,) = torch.autograd.grad(value.sum(), log_w)
    assert slope.tolist() == [[0, 0, 0], [0, 1, 1]]
