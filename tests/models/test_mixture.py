"""The mixture of categoricals against an enumeration of components and of documents."""

from itertools import permutations, product

import pytest
import torch

from vilib.models import Mixture, matched_accuracy, matched_order, one_topic, random_mixture


def small(seed=1, K=3, V=4):
    generator = torch.Generator().manual_seed(seed)
    prior = torch.randn(K, generator=generator, dtype=torch.double).log_softmax(-1)
    words = torch.randn(K, V, generator=generator, dtype=torch.double).log_softmax(-1)
    return Mixture(prior, words)


def test_documents_of_a_length_sum_to_one():
    mixture = small()
    for length in (1, 2, 4):
        every = torch.tensor(list(product(range(4), repeat=length)))
        counts = torch.nn.functional.one_hot(every, 4).sum(1).double()
        assert float(mixture.log_evidence(counts).exp().sum()) == pytest.approx(1)


def test_joint_is_a_product_over_words():
    mixture = small()
    words = [0, 3, 3, 1]
    counts = torch.tensor([words]).flatten().bincount(minlength=4)[None].double()
    for k in range(3):
        p = mixture.log_prior[k].exp()
        for v in words:
            p = p * mixture.log_words[k, v].exp()
        assert float(mixture.log_joint(counts)[0, k]) == pytest.approx(float(p.log()), abs=1e-12)
    posterior = mixture.log_joint(counts).exp()
    expected = posterior / posterior.sum()
    torch.testing.assert_close(mixture.responsibilities(counts), expected)


def test_a_word_that_cannot_be_said_rules_a_component_out_and_only_then():
    log_words = torch.tensor([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]]).double().log()
    mixture = Mixture(torch.tensor([0.5, 0.5]).double().log(), log_words)
    counts = torch.tensor([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]).double()
    r = mixture.responsibilities(counts)
    assert float(r[0, 0]) == pytest.approx(0.8)
    assert r[1].tolist() == [0.0, 1.0]
    assert bool(mixture.log_evidence(counts).isfinite().all())


def test_relabelling_changes_no_probability():
    mixture = small()
    counts = torch.tensor([[2.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 5.0]]).double()
    for order in permutations(range(3)):
        other = mixture.relabelled(torch.tensor(order))
        torch.testing.assert_close(other.log_evidence(counts), mixture.log_evidence(counts))
        torch.testing.assert_close(
            other.responsibilities(counts), mixture.responsibilities(counts)[:, list(order)]
        )


def test_one_topic_is_the_best_single_word_list():
    counts = torch.tensor([[3.0, 1.0], [0.0, 4.0]]).double()
    best = one_topic(counts)
    for p in (0.2, 0.3, 0.45):
        other = Mixture(torch.zeros(1).double(), torch.tensor([[p, 1 - p]]).double().log())
        assert best.log_evidence(counts).sum() >= other.log_evidence(counts).sum()
    assert float(one_topic(counts, 1.0).log_words.exp()[0, 0]) == pytest.approx(0.4)


def test_a_random_start_does_not_touch_torchs_state():
    before = torch.get_rng_state()
    counts = torch.ones(3, 5)
    one = random_mixture(counts, 2, torch.Generator().manual_seed(1))
    same = random_mixture(counts, 2, torch.Generator().manual_seed(1))
    assert torch.equal(one.log_words, same.log_words)
    assert torch.equal(before, torch.get_rng_state())
    assert one.log_words.dtype == torch.float32
    torch.testing.assert_close(one.log_words.exp().sum(-1), torch.ones(2))
    alike = random_mixture(counts, 2, torch.Generator().manual_seed(1), spread=0.0)
    assert torch.equal(alike.log_words[0], alike.log_words[1])


def test_matching_is_the_best_of_all_orders():
    generator = torch.Generator().manual_seed(3)
    for _ in range(20):
        q = torch.randn(9, 4, generator=generator).softmax(-1)
        labels = torch.randint(4, (9,), generator=generator)

        def agreed(order, q=q, labels=labels):
            return float(q[torch.arange(9), torch.tensor(order)[labels]].sum())

        best = max(map(agreed, permutations(range(4))))
        assert agreed(matched_order(q, labels).tolist()) == pytest.approx(best)
    sure = torch.eye(3)[torch.tensor([2, 2, 0, 1])]
    assert matched_accuracy(sure, torch.tensor([0, 0, 1, 2])) == 1.0
    assert matched_accuracy(sure, torch.tensor([0, 1, 1, 2])) == 0.75
