"""Word vectors: counted by hand, decomposed exactly, the same every time."""

import math

import torch

from vilib.datasets import Corpus, Vocabulary, treebank
from vilib.models import embedding, word_vectors
from vilib.models.vectors import pair_counts, positive_pmi, strongest_directions

# two sentences, 2 3 4 2 and 3 2
CORPUS = Corpus(
    tokens=torch.tensor([2, 3, 4, 2, 3, 2]),
    leaf_labels=torch.full((6,), 2),
    offsets=torch.tensor([0, 4, 6]),
    labels=torch.tensor([1, 3]),
)


def brute_force_counts(window):
    counts = {}
    words = CORPUS.tokens.tolist()
    for start, end in ((0, 4), (4, 6)):
        for i in range(start, end):
            for j in range(start, end):
                if i != j and abs(i - j) <= window:
                    key = words[i] * 5 + words[j]
                    counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items()))


def test_pairs_are_counted_within_sentences_and_the_window():
    for window in (1, 2, 3):
        pairs, counts = pair_counts(CORPUS, 5, window)
        assert dict(zip(pairs.tolist(), counts.tolist())) == brute_force_counts(window)


def test_attraction_by_hand():
    matrix = positive_pmi(CORPUS, 5, 1).to_dense()
    counts = torch.zeros(25)
    for key, count in brute_force_counts(1).items():
        counts[key] = count
    counts = counts.view(5, 5)
    total = counts.sum(1)
    smoothed = total**0.75 / (total**0.75).sum()
    for w in range(5):
        for c in range(5):
            pmi = math.log(counts[w, c] / (total[w] * smoothed[c])) if counts[w, c] else 0.0
            assert math.isclose(matrix[w, c], max(0.0, pmi), abs_tol=1e-6)


def test_decomposition_meets_the_exact_one():
    torch.manual_seed(1)
    dense = torch.randn(40, 6) @ torch.randn(6, 40) + 0.01 * torch.randn(40, 40)
    _, strength = strongest_directions(dense.to_sparse(), torch.randn(40, 10), 3)
    exact = torch.linalg.svdvals(dense)
    torch.testing.assert_close(strength[:6], exact[:6], rtol=1e-3, atol=0)


def test_same_text_same_vectors_and_no_random_state_touched():
    train = treebank(sizes=(200, 1, 1)).train
    vocabulary = Vocabulary.build(train)
    corpus = train.encode(vocabulary)
    before = torch.get_rng_state()
    first = word_vectors(corpus, len(vocabulary), size=10)
    assert torch.equal(first, word_vectors(corpus, len(vocabulary), size=10))
    assert torch.equal(before, torch.get_rng_state())
    assert first.shape == (len(vocabulary), 10)
    assert torch.equal(first[0], torch.zeros(10))
    torch.testing.assert_close(first[2:].norm(dim=1), torch.ones(len(vocabulary) - 2))


def test_more_numbers_than_words_are_zeros():
    vectors = word_vectors(CORPUS, 5, size=8)
    assert vectors.shape == (5, 8)
    assert not vectors[:, 5:].any()


def test_a_frozen_table_is_no_parameter_and_a_trained_one_is_a_copy():
    vectors = torch.ones(3, 2)
    assert not embedding(vectors, trained=False).weight.requires_grad
    table = embedding(vectors)
    with torch.no_grad():
        table.weight += 1
    assert torch.equal(vectors, torch.ones(3, 2))
