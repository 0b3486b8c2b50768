"""How unit 04's checks behave: random state, output, time, and what they say to nonsense."""

from typing import ClassVar

import pytest
import torch
from torch.distributions import Bernoulli, kl_divergence
from torch.nn.functional import logsigmoid

from tests.checks.manners import Manners
from vilib import checks


def log_pmf(z, logits, mask):
    return ((z * logsigmoid(logits) + (1 - z) * logsigmoid(-logits)) * mask).sum(-1)


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    kl = kl_divergence(Bernoulli(logits=logits), Bernoulli(torch.full_like(logits, prior_rate)))
    return log_likelihood.mean(0) - (kl * mask).sum(-1)


def exact_gradient(logits, masks, rewards):
    p = torch.sigmoid(logits)
    return (torch.where(masks > 0.5, p, 1 - p).prod(-1) * rewards) @ (masks - p)


def surrogate(log_likelihood, log_q, kl):
    return (log_likelihood + log_likelihood.detach() * (log_q - log_q.detach())).mean(0) - kl


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    weight = torch.where(masks > 0.5, p, 1 - p).prod(-1) * ((masks - p) ** 2).sum(-1)
    return (weight * rewards).sum() / weight.sum()


def past_statistics(rewards, decay):
    m, v, rows = 0.0, 1.0, []
    for t, r in enumerate(rewards.double(), start=1):
        rows.append([m, (v - m * m) ** 0.5])
        step = max(1 / t, 1 - decay)
        m, v = m + step * (r.mean().item() - m), v + step * ((r**2).mean().item() - v)
    return torch.tensor(rows, dtype=torch.double).unbind(-1)


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()


def argmax_mask(logits, mask):
    return (logits > 0).to(logits.dtype) * mask


def network_loss(prediction, reward):
    return ((prediction - reward.detach()) ** 2).mean()


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise < p).to(p.dtype) + p - p.detach()


class TestManners(Manners):
    RIGHT: ClassVar = {
        "log_pmf_is_exact": (log_pmf,),
        "score_has_mean_zero": (log_pmf,),
        "rationale_elbo_is_exact": (rationale_elbo,),
        "gradient_is_enumerated": (exact_gradient,),
        "surrogate_gives_the_gradient": (surrogate,),
        "baseline_is_optimal": (optimal_baseline,),
        "statistics_are_of_the_past": (past_statistics,),
        "leaves_one_out": (leave_one_out,),
        "is_the_likeliest_mask": (argmax_mask,),
        "network_baseline_learns_alone": (network_loss,),
        "is_hard_then_soft": (straight_through,),
    }


def test_random_state_survives_an_answer_that_draws():
    before = torch.get_rng_state()
    with pytest.raises(checks.Mistake, match="sampled"):
        checks.is_the_likeliest_mask(lambda a, m: torch.bernoulli(a.sigmoid()) * m, seed=1)
    assert torch.equal(before, torch.get_rng_state())


def test_an_answer_that_cuts_the_callers_gradient_is_told_so():
    def cutting(rewards):
        r = rewards.detach_()
        return (r.sum(0) - r) / (len(r) - 1)

    with pytest.raises(checks.Mistake, match="lost its gradient"):
        checks.leaves_one_out(cutting, seed=1)
