"""What is reported, counted by hand; and the controls."""

import math

import pytest
import torch

from tests.models.sentences import LABEL, MASK, TOKENS
from vilib.datasets import Batch
from vilib.models import Report, all_words, evaluate, first_words, majority, random_words

LEAVES = torch.tensor([[2, 4, 2, 0], [1, 2, -1, -1], [3, -1, -1, -1]])
BATCH = Batch(TOKENS, MASK, LABEL, LEAVES, torch.arange(3))


class CountingClassifier(torch.nn.Module):
    """Labels a sentence by the number of its selected words."""

    def forward(self, tokens, mask, z):
        assert not self.training
        return torch.nn.functional.one_hot((z * mask).sum(-1).long(), 5).float()


def test_counts():
    def select(tokens, mask):
        # padding is selected too, and must not be counted
        return torch.tensor([[1.0, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 1]])

    classifier = CountingClassifier().train()
    report = evaluate(classifier, select, [BATCH, BATCH])
    assert report == Report(6, 0, words=14, selected=10, polar=8, polar_selected=6)
    assert classifier.training
    assert report.selection_rate == 10 / 14
    assert (report.polar_found, report.polar_share) == (6 / 8, 6 / 10)
    assert report.polar_ratio == pytest.approx((6 / 8) / (4 / 6))
    assert evaluate(classifier, all_words, [BATCH]).correct == 1


def test_ratio_without_a_denominator():
    assert math.isinf(Report(1, 1, words=4, selected=1, polar=2, polar_selected=1).polar_ratio)
    nothing = Report(1, 1, words=4, selected=0, polar=2, polar_selected=0)
    neutral = Report(1, 1, words=4, selected=2, polar=0, polar_selected=0)
    assert math.isnan(nothing.polar_ratio)
    assert math.isnan(nothing.polar_share)
    assert math.isnan(neutral.polar_ratio)
    assert math.isnan(neutral.polar_found)


def test_controls_select_words_only():
    assert torch.equal(all_words(TOKENS, MASK), MASK.float())
    assert first_words(0.3)(TOKENS, MASK).sum(-1).tolist() == [2, 1, 1]
    assert first_words(1.0)(TOKENS, MASK).equal(MASK.float())
    assert random_words(1.0)(TOKENS, MASK).equal(MASK.float())
    assert not random_words(0.0)(TOKENS, MASK).any()


def test_random_words_come_from_the_generator():
    long = torch.ones(50, 40, dtype=torch.long)
    before = torch.get_rng_state()
    draw = [random_words(0.2, torch.Generator().manual_seed(s))(long, long > 0) for s in (1, 1, 2)]
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(draw[0], draw[1])
    assert not torch.equal(draw[0], draw[2])


def test_majority():
    assert majority(torch.tensor([1, 1, 3]), torch.tensor([1, 3, 1, 0])) == 0.5
