"""Batches: nothing lost, nothing invented, padding told apart, order reproducible."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vilib.datasets import Batches, Corpus, Tree, Vocabulary, treebank


def make(lengths):
    trees = [
        Tree(i % 5, tuple(f"w{i}" for _ in range(n)), tuple((i + j) % 5 for j in range(n)), ())
        for i, n in enumerate(lengths)
    ]
    return trees, Corpus.encode(trees, Vocabulary.build(trees))


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=60),
    st.integers(1, 12),
    st.booleans(),
    st.integers(0, 2**31),
)
def test_an_epoch_holds_every_sentence_once(lengths, batch_size, shuffle, seed):
    trees, corpus = make(lengths)
    vocabulary = Vocabulary.build(trees)
    generator = torch.Generator().manual_seed(seed)
    batches = Batches(corpus, batch_size, shuffle=shuffle, generator=generator)
    seen = []
    for batch in batches:
        tokens, mask, label, leaf_label, index = batch
        assert tokens.shape == mask.shape == leaf_label.shape
        assert tokens.dtype == leaf_label.dtype == label.dtype == index.dtype == torch.int64
        assert mask.dtype == torch.bool
        assert mask.sum(1).max() == tokens.shape[1]
        for b, i in enumerate(index.tolist()):
            n = len(trees[i].words)
            assert mask[b].tolist() == [True] * n + [False] * (tokens.shape[1] - n)
            assert tokens[b, :n].tolist() == vocabulary.encode(trees[i].words)
            assert leaf_label[b, :n].tolist() == list(trees[i].leaf_labels)
            assert (tokens[b, n:] == 0).all()
            assert (leaf_label[b, n:] == -1).all()
            assert label[b] == trees[i].label
        seen += index.tolist()
    assert sorted(seen) == list(range(len(trees)))


def test_number_and_sizes_of_batches():
    _, corpus = make([3] * 23)
    batches = Batches(corpus, 5)
    assert len(batches) == len(list(batches)) == 5
    assert sorted(len(batch.label) for batch in batches) == [3, 5, 5, 5, 5]


def test_same_generator_state_same_epoch_and_epochs_differ():
    _, corpus = make([1 + i % 7 for i in range(100)])

    def epochs(seed):
        batches = Batches(corpus, 8, generator=torch.Generator().manual_seed(seed))
        return [torch.cat([batch.index for batch in batches]).tolist() for _ in range(2)]

    assert epochs(3) == epochs(3)
    assert epochs(3)[0] != epochs(3)[1]
    assert epochs(3) != epochs(4)


def test_generator_leaves_torch_alone_and_no_generator_takes_the_callers_seed():
    _, corpus = make([2] * 50)
    with torch.random.fork_rng():
        torch.manual_seed(5)
        before = torch.get_rng_state()
        list(Batches(corpus, 4, generator=torch.Generator()))
        list(Batches(corpus, 4, shuffle=False))
        assert torch.equal(before, torch.get_rng_state())
        first = [batch.index.tolist() for batch in Batches(corpus, 4)]
        torch.manual_seed(5)
        assert first == [batch.index.tolist() for batch in Batches(corpus, 4)]


def test_unshuffled_runs_from_short_to_long():
    _, corpus = make([5, 1, 3, 1, 5])
    order = torch.cat([batch.index for batch in Batches(corpus, 2, shuffle=False)])
    assert order.tolist() == [1, 3, 2, 0, 4]


def test_batches_hold_sentences_of_like_length():
    data = treebank()
    corpus = data.train.encode(Vocabulary.build(data.train))
    batches = list(Batches(corpus, 25, generator=torch.Generator().manual_seed(1)))
    cells = sum(batch.mask.numel() for batch in batches)
    assert sum(int(batch.mask.sum()) for batch in batches) / cells > 0.9
    # and yet they come in no order of length: neighbours are as often longer as shorter
    widths = torch.tensor([batch.tokens.shape[1] for batch in batches])
    assert 0.3 < (widths[1:] > widths[:-1]).double().mean() < 0.6


@pytest.mark.parametrize("size", [0, -3])
def test_no_batch_is_smaller_than_one(size):
    _, corpus = make([1])
    with pytest.raises(ValueError, match=f"batch_size is {size}, expected at least 1"):
        Batches(corpus, size)


def test_an_empty_corpus_has_no_batch():
    corpus = Corpus.encode([], Vocabulary.build([]))
    assert (len(corpus), len(Batches(corpus, 3)), list(Batches(corpus, 3))) == (0, 0, [])


def test_batches_go_to_the_device(device):
    _, corpus = make([2, 3, 1])
    for batch in Batches(corpus, 2, device=device):
        assert {tensor.device.type for tensor in batch} == {device.type}
