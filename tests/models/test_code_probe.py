"""What a probe reads off a code, and what it cannot: the mean is not the message."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch.distributions import Independent, Normal, kl_divergence

from vilib.datasets.language import language
from vilib.models.code_probe import accuracy_ceiling, commonest, nearest_mean_accuracy, probe
from vilib.models.collapse_experiment import prepare_text
from vilib.models.collapse_presets import CollapsePreset

TEXT = language(sizes=(200, 40, 400))
LENGTHS = [str(len(words) > 8) for words in TEXT.test]


@pytest.fixture(scope="module")
def data():
    return prepare_text(TEXT, CollapsePreset(num_evaluated=400))


class Told:
    """A code that is the length of its sentence, told with some clarity."""

    head = SimpleNamespace(code_size=2)

    def __init__(self, clarity):
        self.clarity = clarity

    def posterior(self, tokens, mask):
        length = mask.sum(-1, keepdim=True).float()
        return Independent(Normal(self.clarity * (length - 9).expand(-1, 2), 1.0), 1)

    def rate(self, q):
        return kl_divergence(q.base_dist, Normal(0.0, 1.0)).sum(-1)


def test_a_probe_finds_what_lies_open():
    torch.manual_seed(1)
    labels = torch.randint(0, 3, (300,))
    codes = torch.randn(300, 2) * 0.1 + torch.stack([labels, -labels], -1)
    assert nearest_mean_accuracy(codes[:99], labels[:99], codes[99:], labels[99:]) == 1.0
    noise = torch.randn(300, 2)
    assert nearest_mean_accuracy(noise[:99], labels[:99], noise[99:], labels[99:]) < 0.5


def test_codes_and_facts_are_kept_in_step(data):
    """Batches come sorted by length, facts do not."""
    found = probe(Told(5.0), data, LENGTHS, seed=1)
    assert found.by_mean > 0.85
    assert found.by_sample > 0.85
    assert 0.3 < commonest(LENGTHS) < 0.85


def test_a_mean_is_not_a_message(data):
    """Means that hardly differ tell all to a reader of means, and nothing to a reader of z."""
    loud, soft = (probe(Told(clarity), data, LENGTHS, seed=1) for clarity in (5.0, 0.01))
    assert soft.by_mean == loud.by_mean
    assert soft.by_sample < 0.6
    assert soft.by_sample <= soft.ceiling + 0.02
    assert loud.ceiling == 1.0


def test_the_random_state_is_left_alone(data):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    first = probe(Told(1.0), data, LENGTHS, seed=1)
    assert probe(Told(1.0), data, LENGTHS, seed=1) == first
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("a", [0.5, 0.6, 0.75, 0.9, 0.999])
@pytest.mark.parametrize("K", [2, 3, 8])
def test_the_ceiling_is_reached_by_a_channel_that_errs_evenly(a, K):
    """The message is right with probability a, else one of the other values: I in closed form."""
    information = math.log(K) + a * math.log(a) + (1 - a) * math.log((1 - a) / (K - 1))
    assert accuracy_ceiling(information, K * (1 / K,)) == pytest.approx(max(a, 1 / K), abs=1e-6)


@pytest.mark.parametrize("seed", range(200))
def test_no_reader_beats_the_ceiling(seed):
    """Random channels from 4 facts to 5 messages: the best reader, by enumeration."""
    generator = torch.Generator().manual_seed(seed)
    shares = (2 * torch.randn(4, generator=generator)).softmax(0).double()
    channel = (3 * torch.randn(4, 5, generator=generator)).softmax(-1).double()
    joint = shares[:, None] * channel
    ratio = joint / (shares[:, None] * joint.sum(0))
    information = (joint * ratio.log()).sum().item()
    best = joint.amax(0).sum().item()
    assert best <= accuracy_ceiling(information, shares.tolist()) + 1e-9


def test_enough_is_enough_and_a_fact_that_is_always_the_same_costs_nothing():
    assert accuracy_ceiling(math.log(8), 8 * (1 / 8,)) == 1.0
    assert accuracy_ceiling(0.0, (1.0, 0.0)) == 1.0
