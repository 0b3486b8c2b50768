"""The mixed Dirichlet where scores of -∞ bar vertices, against the one without these vertices."""

import pytest
import torch
from torch.distributions import kl_divergence

from tests.distributions.test_mixed_dirichlet import build
from vilib.distributions import MixedDirichlet
from vilib.distributions.faces import faces


def assert_barred(q, without):
    """q over four vertices of which the second is barred is `without` over the three others."""
    rest, z = [0, 2, 3], torch.tensor([[0.2, 0.0, 0.3, 0.5], [0.0, 0.0, 0.4, 0.6]]).double()
    assert (q.log_prob(z) - without.log_prob(z[:, rest])).abs().max() < 1e-14
    assert (q.entropy() - without.entropy()).abs() < 1e-13
    for name in ("mean", "vertex_probabilities"):
        assert (getattr(q, name)[rest] - getattr(without, name)).abs().max() < 1e-14
        assert getattr(q, name)[1] == 0
    P, F = q.face_probabilities(), faces(4)
    assert torch.equal(P > 0, ~F[:, 1])
    assert (P[~F[:, 1]] - without.face_probabilities()).abs().max() < 1e-14
    assert (q.sample((1000,))[:, 1] == 0).all()


def test_a_score_of_minus_infinity_bars_a_vertex():
    inf, alpha = torch.inf, [1.5, 0.7, 2.0, 1.0]
    q, without = build([0.5, -inf, -1.0, 0.2], alpha), build(alpha=[1.5, 2.0, 1.0])
    assert_barred(q, without)
    with pytest.raises(AssertionError):  # barred by a number that is only low
        assert_barred(build([0.5, -9.0, -1.0, 0.2], alpha), without)
    for z in ([0.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]):
        assert q.log_prob(torch.tensor(z).double()) == -inf
    p, other = build([0.1, -inf, 0.3, 0.2], [1.0, 3.0, 0.5, 2.0]), build([0.1, 0.3, 0.2])
    want = kl_divergence(without, MixedDirichlet(other.scores, p.concentration[[0, 2, 3]]))
    assert (kl_divergence(q, p) - want).abs() < 1e-13
    open_q = build([0.5, 0.0, -1.0, 0.2], alpha)
    assert kl_divergence(q, open_q).isfinite()
    assert kl_divergence(open_q, q) == inf


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_beside_a_barred_vertex(dtype):
    scores = torch.tensor([[0.5, -torch.inf, 0.2], [-torch.inf, 3.0, -torch.inf]], dtype=dtype)
    scores.requires_grad_()
    alpha = torch.tensor([1.5, 0.7, 2.0], dtype=dtype, requires_grad=True)
    q, p = MixedDirichlet(scores, alpha), MixedDirichlet(torch.zeros(3, dtype=dtype), 1.0)
    results = q.log_prob(q.sample()), q.mean, q.entropy(), q.vertex_probabilities
    for result in (*results, kl_divergence(q, p), kl_divergence(q, q)):
        assert result.isfinite().all()
        of_scores, of_alpha = torch.autograd.grad(
            result.square().sum(), [scores, alpha], allow_unused=True, materialize_grads=True
        )
        assert of_scores.isfinite().all()
        assert of_alpha.isfinite().all()
        assert (of_scores[scores == -torch.inf] == 0).all()


@pytest.mark.parametrize("row", [[-torch.inf] * 2, [0.0, torch.inf], [torch.nan, 0.0]])
def test_scores_without_a_distribution_are_refused(row):
    with pytest.raises(ValueError, match="scores"):
        MixedDirichlet(torch.tensor([[0.0, 1.0], row]), 1.0)
