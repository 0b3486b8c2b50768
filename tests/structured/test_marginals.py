"""Posterior marginals, pairs and counts, against the sum over all paths."""

import pytest
import torch

from tests.structured.problems import INF, assert_close, enumerate_paths, random_hmm, watch
from vilib.structured import (
    HMM,
    counts_by_backprop,
    expected_counts,
    filtering,
    marginals,
    pair_marginals,
)


def by_backprop(hmm):
    return counts_by_backprop(hmm).emission


def differentiable(hmm):
    return marginals(watch(hmm)).detach()


def pairs_by_backprop(hmm):
    return counts_by_backprop(hmm, per_step=True).transition


def assert_marginals(function, hmm):
    """p(zₜ | x) of every sequence, and zeros behind it."""
    ours = function(hmm)
    for b, K in enumerate([hmm.log_emission.shape[-1]] * len(ours)):
        paths = enumerate_paths(hmm, b)
        n = paths.states.shape[1]
        possible = paths.log_evidence > -INF
        assert_close(ours[b, :n], paths.marginals(K) if possible else torch.zeros(n, K))
        assert (ours[b, n:] == 0).all()


def assert_pairs(function, hmm):
    ours = function(hmm)
    for b, K in enumerate([hmm.log_emission.shape[-1]] * len(ours)):
        paths = enumerate_paths(hmm, b)
        n = paths.states.shape[1] - 1
        possible = paths.log_evidence > -INF
        assert_close(ours[b, :n], paths.pairs(K) if possible else torch.zeros(n, K, K))
        assert (ours[b, n:] == 0).all()


def chains():
    for forbid in (0.0, 0.3):
        for T, K in ((1, 3), (2, 1), (5, 4), (4, 3)):
            for ragged in (False, True):
                yield random_hmm, (3, T, K), {"ragged": ragged, "forbid": forbid}


@pytest.mark.parametrize("function", [marginals, by_backprop, differentiable])
@pytest.mark.parametrize("axes", [2, 3, 4])
def test_marginals(function, axes):
    for make, sizes, options in chains():
        assert_marginals(function, make(*sizes, axes, **options))


@pytest.mark.parametrize("function", [pair_marginals, pairs_by_backprop])
@pytest.mark.parametrize("axes", [2, 3, 4])
def test_pair_marginals(function, axes):
    for make, sizes, options in chains():
        assert_pairs(function, make(*sizes, axes, **options))


@pytest.mark.parametrize("axes", [2, 3, 4])
def test_counts_are_sums_of_marginals(axes):
    for T in (1, 7, 8, 9, 20):
        hmm = random_hmm(4, T, 3, axes, ragged=True)
        counts = expected_counts(hmm)
        assert_close(counts.emission, marginals(hmm))
        assert_close(counts.initial, marginals(hmm)[:, 0])
        assert_close(counts.transition, pair_marginals(hmm).sum(1))
        for n, m in zip(counts, counts_by_backprop(hmm)):
            assert_close(n, m)


def test_pairs_and_marginals_agree_over_renormalisations():
    hmm = random_hmm(3, 30, 4)
    pairs, q = pair_marginals(hmm), marginals(hmm)
    assert_close(pairs.sum(-1), q[:, :-1])
    assert_close(pairs.sum(-2), q[:, 1:])
    assert_close(q.sum(-1), torch.ones(3, 30))


def test_filtering_is_smoothing_of_the_past():
    hmm = random_hmm(3, 20, 3)
    for t in (1, 8, 9, 20):
        past = HMM(*hmm.potentials[:2], hmm.log_emission[:, :t])
        assert_close(filtering(hmm)[:, t - 1].exp(), marginals(past)[:, -1])


def test_marginals_can_be_differentiated():
    hmm = watch(random_hmm(2, 10, 2, ragged=True).to(torch.double))
    for function in (marginals, pair_marginals):
        of_scores = lambda *p, f=function: f(HMM(*p, hmm.lengths))  # noqa: E731
        assert torch.autograd.gradcheck(of_scores, hmm.potentials)


def test_leave_inference_mode():
    """What comes back can be used in a loss, whatever mode made it."""
    hmm = random_hmm(2, 12, 3)
    weight = torch.ones(3, requires_grad=True)
    for values in (marginals(hmm), expected_counts(hmm).emission, filtering(hmm)):
        values.mul_(2)
        (values * weight).sum().backward()
