"""Bits per dimension and perplexity, on data whose entropy is known."""

import math

import torch

from tests.bounds.problems import agree
from vilib.bounds import bits_per_dimension, perplexity


def test_uniform_bytes():
    # 8 bits each, as integers; as a density of (x + u) / 256 they have 0, to which 8 are added
    agree(bits_per_dimension(torch.tensor([-64 * math.log(256)]), 64), torch.tensor([8.0]))
    agree(bits_per_dimension(torch.tensor([0.0]), 64) + 8, torch.tensor([8.0]))


def test_perplexity_is_of_the_corpus():
    # a short sentence that is hard and a long one that is easy
    log_p = torch.tensor([-2 * math.log(100), -8 * math.log(10)])
    found = perplexity(log_p, torch.tensor([2, 8]))
    agree(found, torch.tensor(10**1.2), size=100)
    per_sentence = (100 + 10) / 2
    assert abs(found - per_sentence) > 30


def test_they_agree():
    log_p = torch.tensor([-50.0])
    bits = bits_per_dimension(log_p, 20)
    agree(2 ** bits[0], perplexity(log_p, torch.tensor([20])), size=10)
    assert bits_per_dimension(torch.tensor([-torch.inf]), 3) == torch.inf
