"""The generated keywords: exact entropy and posterior against sums of another kind."""

from itertools import product

import pytest
import torch

from vilib.datasets import topics, topics_entropy, topics_truth
from vilib.datasets.registry import entry
from vilib.datasets.topics_truth import LENGTHS, WORDS, compositions


def test_truth_is_a_distribution():
    log_prior, log_words = topics_truth()
    assert log_words.shape == (3, len(WORDS))
    assert float(log_prior.exp().sum()) == pytest.approx(1)
    torch.testing.assert_close(log_words.exp().sum(-1), torch.ones(3).double())
    assert len(set(WORDS)) == len(WORDS)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_entropy_is_a_sum_over_all_documents(length):
    log_prior, log_words = topics_truth()
    documents = torch.tensor(list(product(range(len(WORDS)), repeat=length)))  # [N, T]
    log_p = (log_prior[:, None] + log_words[:, documents].sum(-1)).logsumexp(0)
    assert float(log_p.exp().sum()) == pytest.approx(1)
    assert topics_entropy(length) == pytest.approx(float(-(log_p.exp() * log_p).sum()), abs=1e-10)


def test_entropy_is_what_the_true_model_gets():
    bags = topics(sizes=(1, 1, 6000))
    log_prior, log_words = bags.truth
    log_p = (log_prior + bags.test.counts.double() @ log_words.T).logsumexp(-1)
    error = float(log_p.std()) / len(log_p) ** 0.5
    assert abs(float(-log_p.mean()) - bags.entropy) < 5 * error


def test_splits_and_record():
    bags = topics()
    assert dict(bags.record.split_sizes) == {"train": 900, "dev": 300, "test": 600}
    assert bags.record.sha256 == entry("topics").file.sha256
    for name in ("train", "dev", "test"):
        split = bags[name]
        assert split.counts.dtype == torch.float32
        assert set(split.lengths.tolist()) <= set(LENGTHS)
        assert set(split.label.tolist()) == {0, 1, 2}
    with pytest.raises(KeyError, match="no split 'valid'; there are train, dev, test"):
        bags["valid"]


def test_the_same_seed_gives_the_same_documents():
    one, other, third = topics(sizes=(9, 1, 1)), topics(sizes=(9, 1, 1)), topics(seed=2)
    assert torch.equal(one.train.counts, other.train.counts)
    assert one.record.sha256 == other.record.sha256
    assert not torch.equal(one.train.counts, third.train.counts[:9])


def test_words_and_topics_come_as_often_as_they_should():
    bags = topics(sizes=(6000, 1, 1))
    log_prior, log_words = bags.truth
    for z in range(3):
        rows = bags.train.counts[bags.train.label == z].double()
        share = len(rows) / 6000
        p = float(log_prior[z].exp())
        assert abs(share - p) < 5 * (p * (1 - p) / 6000) ** 0.5
        total = rows.sum()
        q = log_words[z].exp()
        error = (q * (1 - q) / total).sqrt()
        assert bool(((rows.sum(0) / total - q).abs() < 5 * error).all())


def test_compositions_are_all_and_once():
    rows = compositions(4, 3)
    assert len(rows) == 15
    assert set(rows.sum(-1).tolist()) == {4.0}
    assert len({tuple(row) for row in rows.tolist()}) == 15
