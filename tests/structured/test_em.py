"""EM: it never falls, it goes where the gradient goes, and it stops at the truth."""

import torch

from tests.structured.problems import INF, assert_close
from vilib.structured import SymbolHMM, em_step, expected_counts, forward


def random_model(K=3, V=4):
    shapes = (K,), (K, K), (K, V)
    return SymbolHMM(*(torch.randn(s).log_softmax(-1) for s in shapes))


def data(B=6, T=12, V=4):
    return torch.randint(V, (B, T)), torch.randint(1, T + 1, (B,))


def log_likelihood(model, symbols, lengths):
    return forward(model.observe(symbols, lengths)).sum()


def test_likelihood_never_falls_and_rows_stay_normalised():
    model, (symbols, lengths) = random_model(), data()
    before = log_likelihood(model, symbols, lengths)
    first = before
    for _ in range(20):
        model = em_step(model, symbols, lengths)
        after = log_likelihood(model, symbols, lengths)
        assert after >= before - 1e-5 * before.abs()
        before = after
        for table in model:
            assert_close(table.logsumexp(-1), torch.zeros(table.shape[:-1]))
    assert before > first + 1


def test_step_direction_is_the_gradient():
    """∂ log p(x) / ∂ηᵢⱼ = nᵢ (p_EM(j | i) - p(j | i)) for logits η, in all three tables."""
    model, (symbols, lengths) = random_model(), data()
    logits = [t.clone().requires_grad_() for t in model]
    current = SymbolHMM(*(x.log_softmax(-1) for x in logits))
    gradients = torch.autograd.grad(log_likelihood(current, symbols, lengths), logits)
    counts = expected_counts(model.observe(symbols, lengths))
    states = counts.emission.sum((0, 1))
    weights = counts.initial.sum(), counts.transition.sum((0, 2))[:, None], states[:, None]
    for g, n, new, old in zip(gradients, weights, em_step(model, symbols, lengths), model):
        assert_close(g, n * (new.exp() - old.exp()), scale=10)


def test_zeros_stay_and_unvisited_states_keep_their_rows():
    model, (symbols, lengths) = random_model(), data()
    start = torch.tensor([0.0, 0.0, -INF]).log_softmax(-1)
    steps = torch.tensor([[0.3, 0.7, 0.0], [0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]).log()
    model = SymbolHMM(start, steps, model.log_symbol)
    after = em_step(model, symbols, lengths)
    assert (after.log_transition[:2, 2] == -INF).all()
    assert after.log_initial[2] == -INF
    assert torch.equal(after.log_transition[2], model.log_transition[2])
    assert torch.equal(after.log_symbol[2], model.log_symbol[2])


def test_padding_is_not_counted():
    model, (symbols, lengths) = random_model(), data()
    other = torch.where(torch.arange(12) < lengths[:, None], symbols, 3 - symbols)
    for a, b in zip(em_step(model, symbols, lengths), em_step(model, other, lengths)):
        assert torch.equal(a, b)


def test_counts_of_known_states():
    """If the symbols give the states away, EM is counting."""
    eye = torch.eye(2).log()
    model = SymbolHMM(torch.full((2,), 0.5).log(), torch.full((2, 2), 0.5).log(), eye)
    after = em_step(model, torch.tensor([[0, 0, 0, 1, 1], [1, 0, 0, 0, 1]]))
    assert_close(after.log_initial.exp(), torch.tensor([0.5, 0.5]))
    assert_close(after.log_transition.exp(), torch.tensor([[4 / 6, 2 / 6], [0.5, 0.5]]))
