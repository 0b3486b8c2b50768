"""Counting words, and a treebank as bags."""

import torch

from vilib.datasets import sentence_bags, treebank
from vilib.datasets.bags import count_words


def test_counts_by_hand():
    words = ["a", "b", "c"]
    counts = count_words([["a", "c", "a"], [], ["b"]], words)
    assert counts.tolist() == [[2, 0, 1], [0, 0, 0], [0, 1, 0]]
    assert count_words([], words).shape == (0, 3)


def test_a_treebank_keeps_its_labels_and_loses_only_rare_words():
    trees = treebank()
    bags = sentence_bags(trees, num_words=10_000)
    assert bags.record == trees.record
    assert bags.test.label.tolist() == [tree.label for tree in trees.test]
    assert torch.equal(bags.train.lengths.long(), torch.tensor([len(t.words) for t in trees.train]))
    few = sentence_bags(trees, num_words=5)
    assert few.words == bags.words[:5]
    assert torch.equal(few.test.counts, bags.test.counts[:, :5])
