"""Draws from the posterior, against its exact mass on every path and every pair of states."""

import pytest
import torch

from tests.structured.problems import INF, enumerate_paths, random_hmm
from vilib.structured import HMM, sample_posterior

S = 150_000  # sees 2 % of a probability of .3 at 5 standard errors


def assert_frequencies(function, hmm):
    """Every path, and every pair of neighbours, as often as it should be: within 5 SE."""
    K = hmm.log_emission.shape[-1]
    draws = function(hmm, S)
    assert draws.shape == (S, *hmm.log_emission.shape[:2])
    for b in range(draws.shape[1]):
        paths = enumerate_paths(hmm, b)
        n = paths.states.shape[1]
        assert (draws[:, b, n:] == 0).all()
        place = K ** torch.arange(n - 1, -1, -1)
        often = torch.bincount((draws[:, b, :n] * place).sum(-1), minlength=K**n)
        assert_binomial(often, paths.mass)
        for t, exact in enumerate(paths.pairs(K)):
            pair = draws[:, b, t] * K + draws[:, b, t + 1]
            assert_binomial(torch.bincount(pair, minlength=K * K), exact.flatten())


def assert_binomial(often, p):
    p = p.double().clamp(0, 1)
    assert (often[p == 0] == 0).all()
    # the normal approximation needs some hits; all rarer paths are counted together
    seen = p * S > 30
    often = torch.cat([often[seen], often[~seen].sum()[None]])
    p = torch.cat([p[seen], p[~seen].sum()[None]])
    error = (p * (1 - p) / S).sqrt() + 2 / S
    assert ((often / S - p).abs() < 5 * error).all()


@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize(("T", "K"), [(1, 3), (3, 1), (4, 3)])
def test_frequencies(axes, T, K):
    assert_frequencies(sample_posterior, random_hmm(2, T, K, axes, ragged=True))


def test_forbidden_paths_are_never_drawn():
    K, T = 3, 4
    steps = torch.full((K, K), -INF)
    for i in range(K):
        steps[i, i : i + 2] = 0.0
    hmm = HMM(torch.zeros(K), steps, torch.randn(2, T, K))
    assert_frequencies(sample_posterior, hmm)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_emissions_far_apart(dtype):
    """State 1 is 1,000 nats behind at first, and all that is left in the end."""
    e = torch.zeros(1, 20, 2, dtype=dtype)
    e[0, 0, 1], e[0, 1:, 0] = -1000, -100
    hmm = HMM(torch.zeros(2, dtype=dtype), torch.eye(2, dtype=dtype).log(), e)
    assert (sample_posterior(hmm, 50) == 1).all()


def test_seed_decides():
    hmm = random_hmm(2, 10, 3)
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(sample_posterior(hmm, 20))
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_impossible_sequences_are_named():
    e = torch.zeros(3, 4, 2)
    e[1, 2] = -INF
    with pytest.raises(ValueError, match=r"impossible under the model: sequences \[1\]"):
        sample_posterior(HMM(torch.zeros(2), torch.zeros(2, 2), e))
