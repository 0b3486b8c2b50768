"""Stretches give every sentence once before any comes again."""

import pytest
import torch

from vilib.datasets import Batches, Stretches, encode_text, text_vocabulary

SENTENCES = [("a",) * n for n in range(1, 8)]


def test_every_sentence_once_in_an_epoch():
    corpus = encode_text(SENTENCES, text_vocabulary(SENTENCES))
    torch.manual_seed(1)
    stretches = Stretches(Batches(corpus, 2), 3)  # four batches an epoch
    seen = [int(i) for _ in range(4) for batch in stretches for i in batch.index]
    assert len(stretches) == 3
    assert sorted(seen) == sorted(3 * list(range(7)))
    assert sorted(seen[:7]) == list(range(7))


def test_a_stretch_has_at_least_one_batch():
    with pytest.raises(ValueError, match="size is 0"):
        Stretches([], 0)
