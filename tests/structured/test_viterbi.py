"""The best path, against looking at all of them."""

import pytest
import torch

from tests.structured.problems import INF, assert_close, enumerate_paths, random_hmm, watch
from vilib.structured import HMM, viterbi


def assert_best_path(function, hmm):
    states, log_joint = function(hmm)
    for b in range(len(states)):
        paths = enumerate_paths(hmm, b)
        best, n = paths.log_joint.max(0), paths.states.shape[1]
        assert_close(log_joint[b], best.values)
        if best.values > -INF:
            assert states[b, :n].tolist() == paths.states[best.indices].tolist()
            assert (states[b, n:] == 0).all()


@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize("forbid", [0.0, 0.3])
@pytest.mark.parametrize(("T", "K"), [(1, 3), (2, 1), (5, 4), (4, 3)])
def test_best_path(axes, forbid, T, K):
    for ragged in (False, True):
        assert_best_path(viterbi, random_hmm(5, T, K, axes, ragged=ragged, forbid=forbid))


def test_ties_go_to_the_lowest_states_from_the_end():
    states, _ = viterbi(HMM(torch.zeros(3), torch.zeros(3, 3), torch.zeros(1, 4, 3)))
    assert states.tolist() == [[0, 0, 0, 0]]
    # 0 → 1 and 1 → 0 alone: the last state decides, and 0 is lower
    swap = torch.tensor([[-INF, 0.0], [0.0, -INF]])
    states, _ = viterbi(HMM(torch.zeros(2), swap, torch.zeros(1, 4, 2)))
    assert states.tolist() == [[1, 0, 1, 0]]


def test_impossible_sequence_has_no_probability():
    _, log_joint = viterbi(HMM(torch.zeros(2), torch.full((2, 2), -INF), torch.zeros(1, 3, 2)))
    assert log_joint.item() == -INF


def test_gradient_counts_the_path():
    hmm = watch(random_hmm(2, 6, 3))
    states, log_joint = viterbi(hmm)
    (g,) = torch.autograd.grad(log_joint.sum(), hmm.log_emission)
    assert torch.equal(g, torch.nn.functional.one_hot(states, 3).to(g))
