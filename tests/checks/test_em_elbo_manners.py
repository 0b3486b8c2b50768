"""How unit 02's checks behave: random state, output, time, and what they say to nonsense."""

from itertools import permutations
from typing import ClassVar

import pytest
import torch
from torch.nn.functional import one_hot

from tests.checks.manners import Manners
from vilib import checks


def responsibilities(log_prior, log_words, counts):
    return (log_prior + counts @ log_words.T).softmax(-1)


def m_step(q, counts, smoothing):
    c = q.T @ counts + smoothing
    return q.mean(0).log(), (c / c.sum(-1, keepdim=True)).log()


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.softmax(-1)
    return (torch.where(q > 0, q * log_joint, 0.0) + torch.special.entr(q)).sum(-1)


def em_step(log_prior, log_words, counts, smoothing):
    return m_step(responsibilities(log_prior, log_words, counts), counts, smoothing)


def em_objective(log_prior, log_words, counts, smoothing):
    evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return evidence.sum() + smoothing * log_words.sum()


def match_labels(q, labels):
    K = q.shape[1]
    table = one_hot(labels, K).to(q.dtype).T @ q
    return torch.tensor(max(permutations(range(K)), key=lambda o: table[range(K), o].sum().item()))


def marginal_gradient(log_prior, logits, counts):
    r = responsibilities(log_prior, logits.log_softmax(-1), counts)
    return r.T @ counts - (r.T @ counts.sum(-1))[:, None] * logits.softmax(-1)


def amortised_gap(logits, log_joint):
    log_q, log_p = logits.log_softmax(-1), log_joint.log_softmax(-1)
    return (log_q.exp() * (log_q - log_p)).sum(-1)


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        each = component(tokens).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]
        rows.append((each * mask).sum(-1))
    return (log_prior + torch.stack(rows, -1)).softmax(-1)


class TestManners(Manners):
    RIGHT: ClassVar = {
        "responsibilities_are_exact": (responsibilities,),
        "m_step_is_the_maximiser": (m_step,),
        "bound_touches_the_evidence": (touching_bound,),
        "objective_is_exact": (em_objective,),
        "em_step_is_exact": (em_step,),
        "em_never_falls": (em_step, em_objective),
        "labels_are_matched": (match_labels,),
        "marginal_gradient_is_exact": (marginal_gradient,),
        "amortised_gap_is_exact": (amortised_gap,),
        "rnn_posterior_is_exact": (rnn_posterior,),
    }


def test_a_step_that_goes_down_is_told_with_its_number():
    def tired(log_prior, log_words, counts, smoothing):
        return log_prior, 0.9 * log_words  # towards zero, and not normalised

    def falling(log_prior, log_words, counts, smoothing):
        return log_words.abs().sum()

    with pytest.raises(checks.Mistake, match="it fell in step 1 of run 1"):
        checks.em_never_falls(tired, falling, seed=1)
