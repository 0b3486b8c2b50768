"""Agreement with other libraries, where they are installed."""

import numpy as np
import pytest
import torch

from tests.structured.problems import assert_close, random_hmm
from vilib.structured import HMM, forward, marginals, viterbi


@pytest.fixture
def model():
    hmmlearn = pytest.importorskip("hmmlearn.hmm")
    K, V = 4, 5
    tables = [torch.rand(s, dtype=torch.double) for s in ((K,), (K, K), (K, V))]
    tables = [t / t.sum(-1, keepdim=True) for t in tables]
    peer = hmmlearn.CategoricalHMM(n_components=K)
    peer.startprob_, peer.transmat_, peer.emissionprob_ = (t.cpu().numpy() for t in tables)
    return peer, tables


def test_hmmlearn(model):
    peer, (start, steps, symbols) = model
    x = torch.randint(5, (3, 40))
    hmm = HMM(start.log(), steps.log(), symbols.T[x].log())
    for b in range(3):
        column = x[b, :, None].cpu().numpy()
        log_Z, q = peer.score_samples(column)
        assert abs(forward(hmm)[b].item() - log_Z) < 1e-8
        assert np.abs(marginals(hmm)[b].cpu().numpy() - q).max() < 1e-8
        log_joint, states = peer.decode(column)
        assert abs(viterbi(hmm)[1][b].item() - log_joint) < 1e-8
        # paths may tie: theirs need only be as good
        theirs = hmm.rows(torch.tensor([b])).log_joint(torch.tensor(states)[None])
        assert abs(theirs.item() - log_joint) < 1e-8


@pytest.mark.filterwarnings("ignore:.*arg_constraints")
def test_torch_struct():
    struct = pytest.importorskip("torch_struct")
    hmm = random_hmm(2, 6, 3)
    potentials = hmm.log_transition.mT + hmm.log_emission[:, 1:, :, None]  # [B, T-1, to, from]
    potentials = potentials.clone()
    potentials[:, 0] = potentials[:, 0] + (hmm.log_initial + hmm.log_emission[:, 0])[:, None]
    assert_close(struct.LinearChainCRF(potentials).partition, forward(hmm), scale=1e5)
