"""The truths of unit 02's checks, each against a computation that shares nothing with it."""

import math
from itertools import permutations

import pytest
import torch

from vilib.checks.amortised_gap_exact import enumerated as gap_parts
from vilib.checks.bound_touches import by_sum
from vilib.checks.labels_matched import agreement, best_order, mistakes, telling_case
from vilib.checks.m_step_optimal import best_prior, best_words, uphill
from vilib.checks.marginal_gradient_identity import slope_of_the_evidence
from vilib.checks.mixtures import draw_mixture
from vilib.checks.rnn_posterior_exact import enumerated as rnn_truth


def test_the_joint_is_a_product_of_powers():
    small = draw_mixture(3)
    for b in range(5):
        for k in range(3):
            p = math.exp(small.log_prior[k])
            for v in range(4):
                p *= math.exp(small.log_words[k, v]) ** float(small.counts[b, v])
            assert float(small.log_joint()[b, k]) == pytest.approx(math.log(p), abs=1e-10)
    joint = small.log_joint().exp()
    torch.testing.assert_close(small.posterior(), joint / joint.sum(-1, keepdim=True))
    torch.testing.assert_close(small.log_evidence(), joint.sum(-1).log())


def test_a_drawn_document_has_the_length_it_should():
    assert draw_mixture(1, num_documents=1, longest=50).counts.sum() == 50
    assert draw_mixture(1, num_documents=4, longest=9).counts.sum(-1).tolist() == [1, 3, 6, 9]


def test_counting_by_hand_is_where_nothing_leads_uphill():
    n = draw_mixture(1, num_documents=6, longest=7).counts
    q = torch.randn(6, 3, generator=torch.Generator().manual_seed(1)).double().softmax(-1)
    words = best_words(q, n, 0.5)
    assert float(uphill(q, n, 0.5, words.log()).abs().max()) < 1e-12
    assert float(uphill(q, n, 0.5, words.log() + 1e-3 * torch.randn(3, 4)).abs().max()) > 1e-6
    torch.testing.assert_close(words.sum(-1), torch.ones(3).double())
    leaf = best_prior(q).log().requires_grad_()
    (slope,) = torch.autograd.grad((q * leaf.log_softmax(-1)).sum(), leaf)
    assert float(slope.abs().max()) < 1e-12


def test_the_bound_is_evidence_minus_kl():
    new, old = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(1)).double()
    q = old.softmax(-1)
    kl = (q * (old.log_softmax(-1) - new.log_softmax(-1))).sum(-1)
    torch.testing.assert_close(by_sum(new, old), new.logsumexp(-1) - kl)
    torch.testing.assert_close(by_sum(old, old), old.logsumexp(-1))


def test_the_gradient_is_a_difference_quotient():
    small = draw_mixture(2, longest=6)
    slope = slope_of_the_evidence(*small)

    def evidence(logits):
        return (small.log_prior + small.counts @ logits.log_softmax(-1).T).logsumexp(-1).sum()

    for k in range(3):
        for v in range(4):
            step = torch.zeros(3, 4).double()
            step[k, v] = 1e-5
            quotient = (evidence(small.log_words + step) - evidence(small.log_words - step)) / 2e-5
            assert float(slope[k, v]) == pytest.approx(float(quotient), abs=1e-7)


def test_the_gap_is_a_kl():
    logits, table = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(1)).double()
    evidence, elbo = gap_parts(logits, table)
    q = logits.softmax(-1)
    kl = (q * (q.log() - table.softmax(-1).log())).sum(-1)
    torch.testing.assert_close(evidence - elbo, kl)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [(3, 9), (4, 14), (5, 20)])
def test_the_best_order_beats_all_and_a_telling_case_tells(seed, size):
    q, labels = telling_case(seed, *size)
    table = agreement(q, labels)
    order = best_order(table).tolist()
    total = sum(float(table[c, k]) for c, k in enumerate(order))
    for other in permutations(range(size[0])):
        assert sum(float(table[c, k]) for c, k in enumerate(other)) <= total + 1e-12
    assert all(wrong.tolist() != order for wrong in mistakes(q, labels).values())


def test_the_sentence_posterior_is_bayes_rule_by_hand():
    generator = torch.Generator().manual_seed(1)
    tables = torch.randn(2, 4, 3, generator=generator).double()
    log_prior = torch.tensor([0.3, 0.7]).double().log()
    p = tables.softmax(-1)
    # the sentence 2 0: row 0 is the beginning, row 1 + v comes after word v
    joint = log_prior.exp() * p[:, 0, 2] * p[:, 3, 0]
    truth = rnn_truth(tables, log_prior, torch.tensor([[2, 0]]), [2])
    torch.testing.assert_close(truth[0], joint / joint.sum())
