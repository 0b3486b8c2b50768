"""What float32 costs on long chains: measured, and bounded by what the docstrings say."""

import torch

from tests.structured.problems import watch
from vilib.structured import HMM, forward, marginals

T, K = 1000, 64


def long_chain():
    torch.manual_seed(1)
    start, steps = torch.randn(K).log_softmax(-1), torch.randn(K, K).log_softmax(-1)
    return HMM(start.float(), steps.float(), torch.randn(4, T, K).float() - 3)


def worst(function, hmm, relative):
    exact = function(hmm.to(torch.double))
    gap = (function(hmm).double() - exact).abs()
    return (gap / exact.abs() if relative else gap).max().item()


def test_log_evidence():
    hmm = long_chain()
    errors = [worst(f, hmm, True) for f in (forward, lambda h: forward(watch(h)).detach())]
    assert max(errors) < 2e-7


def test_marginals():
    assert worst(marginals, long_chain(), False) < 3e-6
