"""Factorial HMMs: exact by three ways."""

import pytest
import torch

from tests.structured.problems import INF, assert_close, enumerate_paths
from vilib.structured import (
    AdditiveGaussian,
    EmissionTable,
    FactorialHMM,
    factorial_forward,
    forward,
    product_chain,
)


def random_model(L=2, K=3, B=3, T=4, *, ragged=False, emission=None):
    start, steps = torch.randn(L, K).log_softmax(-1), torch.randn(L, K, K).log_softmax(-1)
    emission = EmissionTable(2 * torch.randn(B, T, *[K] * L)) if emission is None else emission
    lengths = torch.randint(1, T + 1, (B,)) if ragged else None
    return FactorialHMM(start, steps, emission, lengths)


def gaussian(L=2, K=3, B=3, T=4, D=2):
    root = torch.randn(D, D)
    covariance = root @ root.T + torch.eye(D)
    return AdditiveGaussian(2 * torch.randn(B, T, D), 2 * torch.randn(L, K, D), covariance)


def enumerated(model):
    """log p(x) by summing over all combinations of all chains' paths, from the definition."""
    B, T, L, K = model.emission.shape
    table = model.emission.table()
    out = []
    for b in range(B):
        n = T if model.lengths is None else int(model.lengths[b])
        z = torch.cartesian_prod(*[torch.arange(K)] * (L * n)).view(-1, L, n)
        score = sum(model.log_initial[i][z[:, i, 0]] for i in range(L))
        for t in range(n):
            score = score + table[(b, t, *z[:, :, t].T)]
            for A, own in zip(model.log_transition, z.unbind(1)):
                score = score + (A[own[:, t - 1], own[:, t]] if t else 0)
        out.append(score.logsumexp(0))
    return torch.stack(out)


@pytest.mark.parametrize(("L", "K", "T"), [(1, 3, 4), (2, 2, 4), (2, 3, 3), (3, 2, 3), (3, 3, 2)])
@pytest.mark.parametrize("ragged", [False, True])
def test_exact_by_three_ways(L, K, T, ragged):
    model = random_model(L, K, 2, T, ragged=ragged)
    exact = enumerated(model)
    assert_close(factorial_forward(model), exact)
    assert_close(forward(product_chain(model)), exact)


@pytest.mark.parametrize(("L", "K"), [(2, 3), (3, 2), (3, 3)])
def test_longer_chains_and_gradients(L, K):
    values = torch.randn(3, 20, *[K] * L, requires_grad=True)
    model = random_model(L, K, 3, 20, ragged=True, emission=EmissionTable(values))
    a, b = factorial_forward(model), forward(product_chain(model))
    assert_close(a, b)
    (g,), (h,) = (torch.autograd.grad(x.sum(), values) for x in (a, b))
    assert_close(g, h)
    # the gradient is the posterior over joint states
    assert_close(g.flatten(2).sum(-1)[:, 0], torch.ones(3))


def test_product_chain_orders_states_as_the_table_does():
    model = random_model(2, 2, 1, 2)
    hmm = product_chain(model)
    A, B = model.log_transition
    assert_close(hmm.log_transition[1, 2], A[0, 1] + B[1, 0])
    assert_close(hmm.log_emission[0, 0, 1], model.emission.table()[0, 0, 0, 1])
    assert_close(enumerate_paths(hmm, 0).log_evidence[None], factorial_forward(model))


def test_forbidden_steps_and_far_emissions():
    model = random_model(2, 3, 2, 12, emission=EmissionTable(500 * torch.randn(2, 12, 3, 3)))
    steps = model.log_transition.clone()
    steps[0, 0, 1], steps[1, 2, 0] = -INF, -INF
    model = FactorialHMM(model.log_initial, steps, model.emission)
    assert_close(factorial_forward(model), forward(product_chain(model)))


def test_impossible_sequence():
    values = torch.zeros(2, 3, 2, 2)
    values[0, 1] = -INF
    values.requires_grad_()
    model = random_model(2, 2, 2, 3, emission=EmissionTable(values))
    log_Z = factorial_forward(model)
    assert log_Z.isinf().tolist() == [True, False]
    (g,) = torch.autograd.grad(log_Z.sum(), values)
    assert (g[0] == 0).all()
    assert g.isfinite().all()


@pytest.mark.parametrize("L", [1, 2, 3])
def test_gaussian_emission(L):
    emission = gaussian(L)
    table, K = emission.table(), 3
    assert table.shape == (3, 4, *[K] * L)
    z = (2, 0, 1)[:L]
    mean = emission.means[torch.arange(L), list(z)].sum(0)
    density = torch.distributions.MultivariateNormal(mean, emission.covariance)
    assert_close(table[(slice(None), slice(None), *z)], density.log_prob(emission.observations))
    # the closed form of the expectation against the table's
    q = torch.rand(L, 3, 4, K)
    q = q / q.sum(-1, keepdim=True)
    for chain in range(L):
        ours, exact = (e.expected(q, chain) for e in (emission, EmissionTable(table)))
        assert_close(ours, exact, scale=10)


def test_wrong_shapes_are_named():
    emission = EmissionTable(torch.zeros(1, 3, 2, 2))
    with pytest.raises(ValueError, match="log_initial must be"):
        FactorialHMM(torch.zeros(3, 2), torch.zeros(2, 2, 2), emission)
    emission = EmissionTable(torch.zeros(1, 1, *[2] * 11))
    with pytest.raises(ValueError, match="4194304 terms"):
        product_chain(random_model(11, 2, 1, 1, emission=emission))
