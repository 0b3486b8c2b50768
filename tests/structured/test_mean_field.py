"""Bounds of factorial HMMs: below the truth, never falling, exact where they can be."""

import pytest
import torch

from tests.structured.problems import INF, assert_close
from tests.structured.test_factorial import gaussian, random_model
from vilib.structured import (
    EmissionTable,
    FactorialHMM,
    factorial_forward,
    marginals,
    mean_field,
    product_chain,
    structured_mean_field,
)

FAMILIES = [structured_mean_field, mean_field]


def random_start(model):
    B, T, L, K = model.emission.shape
    return torch.randn(L, B, T, K).softmax(-1)


def exact_elbo(model, q):
    """E_q[log p(x, z)] + H(q) of independent states, over all joint states of neighbours."""
    hmm = product_chain(model)
    joint = q[0]
    for own in q[1:]:
        joint = (joint[..., None] * own[..., None, :]).flatten(2)  # [B, T, Kᴸ]
    total = joint[:, 0] @ hmm.log_initial + (joint * hmm.log_emission).sum((1, 2))
    total = total + torch.einsum("bti,btj,ij->b", joint[:, :-1], joint[:, 1:], hmm.log_transition)
    return total - (joint * joint.log()).sum((1, 2))


def assert_exact_without_transitions(family, sweeps=30):
    """Rows of A alike and emissions that add up: the family holds the posterior."""
    L, K, B, T = 2, 3, 3, 5
    values = 2 * torch.randn(B, T, K, 1) + 2 * torch.randn(B, T, 1, K)
    model = random_model(L, K, B, T, emission=EmissionTable(values))
    steps = torch.randn(L, 1, K).log_softmax(-1).expand(L, K, K)
    model = FactorialHMM(model.log_initial, steps, model.emission)
    assert_close(family(model, sweeps).elbo[-1], factorial_forward(model))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("L", "K"), [(2, 2), (2, 3), (3, 2)])
@pytest.mark.parametrize("kind", ["table", "gaussian"])
def test_bound_below_the_truth_that_never_falls(family, L, K, kind):
    emission = gaussian(L, K, 3, 6) if kind == "gaussian" else None
    model = random_model(L, K, 3, 6, ragged=True, emission=emission)
    for start in (None, random_start(model)):
        _, elbo = family(model, 30, start)
        slack = (1e-9 if elbo.dtype == torch.double else 1e-4) * (1 + elbo[-1].abs())
        assert (elbo[1:] >= elbo[:-1] - slack).all()
        assert (elbo[-1] <= factorial_forward(model) + slack).all()
        # coupled chains: the bound is not the truth
        assert (elbo[-1] < factorial_forward(model) - 1e-6).any()


def test_elbo_of_independent_states_is_what_it_says():
    model = random_model(2, 3, 3, 5)
    q, elbo = mean_field(model, 3, random_start(model))
    assert_close(elbo[-1], exact_elbo(model, q))


def test_structured_elbo_is_what_it_says():
    """With rows of A alike its chains are independent states, whose ELBO is known."""
    model = random_model(2, 3, 3, 5)
    steps = torch.randn(2, 1, 3).log_softmax(-1).expand(2, 3, 3)
    model = FactorialHMM(model.log_initial, steps, model.emission)
    q, elbo = structured_mean_field(model, 3, random_start(model))
    assert_close(elbo[-1], exact_elbo(model, q))


def test_structured_mean_field_is_exact_where_chains_do_not_interact():
    for ragged in (False, True):
        values = 2 * torch.randn(3, 7, 3, 1) + 2 * torch.randn(3, 7, 1, 3)
        model = random_model(2, 3, 3, 7, ragged=ragged, emission=EmissionTable(values))
        q, elbo = structured_mean_field(model, 1)
        assert_close(elbo[-1], factorial_forward(model))
        joint = marginals(product_chain(model)).view(3, 7, 3, 3)
        assert_close(q[0], joint.sum(-1))
        assert_close(q[1], joint.sum(-2))


@pytest.mark.parametrize("family", FAMILIES)
def test_exact_where_nothing_depends_on_anything(family):
    assert_exact_without_transitions(family)


def test_one_chain_is_an_hmm():
    model = random_model(1, 3, 3, 7)
    assert_close(structured_mean_field(model, 1).elbo[-1], factorial_forward(model))


def test_structured_family_contains_the_other():
    """From where independent states end, a sweep of whole chains can only gain."""
    model = random_model(2, 3, 4, 8)
    q, below = mean_field(model, 50, random_start(model))
    above = structured_mean_field(model, 1, q).elbo[-1]
    assert (above > below[-1] - 1e-5).all()
    assert (above > below[-1] + 1e-3).any()


@pytest.mark.parametrize("family", FAMILIES)
def test_fixed_point(family):
    """At convergence a further sweep changes nothing; on padding there is no mass."""
    model = random_model(2, 2, 3, 5, ragged=True)
    q = family(model, 300, random_start(model)).marginals
    assert (family(model, 1, q).marginals - q).abs().max() < 1e-4
    mask = model.chain(0, q[0]).mask
    assert (q[:, ~mask] == 0).all()
    assert_close(q[:, mask].sum(-1), torch.ones(2, int(mask.sum())))


def test_forbidden_steps():
    model = random_model(2, 3, 2, 6)
    steps = model.log_transition.clone()
    steps[0, 0, 1] = -INF
    model = FactorialHMM(model.log_initial, steps, model.emission)
    elbo = structured_mean_field(model).elbo[-1]
    assert elbo.isfinite().all()
    assert (elbo < factorial_forward(model)).all()
    with pytest.raises(ValueError, match="structured_mean_field"):
        mean_field(model)


def test_wrong_start_is_named():
    with pytest.raises(ValueError, match="start must be"):
        mean_field(random_model(), 1, torch.zeros(1))
