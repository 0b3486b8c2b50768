"""All values of a support, in order, and the guard on their number."""

import itertools

import pytest
import torch
from torch.distributions import (
    Bernoulli,
    Binomial,
    Categorical,
    Independent,
    Normal,
    OneHotCategorical,
    Poisson,
)

from vilib.exact import enumerate_support


def vector(D, batch=()):
    return Independent(Bernoulli(logits=torch.zeros(*batch, D)), 1)


def test_bernoulli_scalars_and_vectors():
    assert enumerate_support(Bernoulli(0.3)).values.tolist() == [0.0, 1.0]
    assert enumerate_support(Bernoulli(torch.rand(7))).values.tolist() == [0.0, 1.0]
    expected = [list(map(float, z)) for z in itertools.product((0, 1), repeat=3)]
    assert enumerate_support(vector(3)).values.tolist() == expected
    assert enumerate_support(vector(3, (5,))).values.tolist() == expected


def test_dtypes():
    values, log_weights = enumerate_support(vector(2))
    assert values.dtype == log_weights.dtype == torch.float64
    assert log_weights.tolist() == [0.0] * 4
    # as `sample` gives them, so that they can index
    assert enumerate_support(Categorical(torch.ones(3))).values.dtype == torch.int64


def test_categories():
    assert enumerate_support(Categorical(torch.ones(2, 3))).values.tolist() == [0, 1, 2]
    pair = enumerate_support(Independent(Categorical(torch.ones(4, 2, 3)), 1)).values
    assert pair.tolist() == [list(z) for z in itertools.product(range(3), repeat=2)]
    assert enumerate_support(OneHotCategorical(torch.ones(2, 3))).values.equal(
        torch.eye(3, dtype=torch.double)
    )


def test_event_of_vectors():
    q = Independent(OneHotCategorical(torch.ones(5, 2, 3)), 1)  # B = 5, D = 2, K = 3
    values, _ = enumerate_support(q)
    assert values.shape == (9, 2, 3)
    eye = torch.eye(3)
    for n, (i, j) in enumerate(itertools.product(range(3), repeat=2)):
        assert torch.equal(values[n], torch.stack([eye[i], eye[j]]).double())


def test_matrix_and_nested_events():
    q = Independent(Bernoulli(torch.rand(5, 2, 3)), 2)
    nested = Independent(Independent(Bernoulli(torch.rand(5, 2, 3)), 1), 1)
    assert enumerate_support(q).values.shape == (64, 2, 3)
    assert torch.equal(enumerate_support(q).values, enumerate_support(nested).values)
    assert len(enumerate_support(q).values.flatten(1).unique(dim=0)) == 64
    empty = enumerate_support(vector(0))
    assert empty.values.shape == (1, 0)


def test_other_finite_supports():
    assert enumerate_support(Binomial(3, torch.rand(2))).values.tolist() == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "q", [Bernoulli(0.2), vector(4), Categorical(torch.rand(5)), OneHotCategorical(torch.rand(5))]
)
def test_mass_sums_to_one(q):
    values, _ = enumerate_support(q)
    assert q.log_prob(values).exp().sum().item() == pytest.approx(1.0, abs=1e-6)


def test_guard_names_the_count():
    assert len(enumerate_support(vector(20)).values) == 2**20
    with pytest.raises(ValueError, match="2097152"):
        enumerate_support(vector(21))
    with pytest.raises(ValueError, match=str(10**300)):
        enumerate_support(Independent(Categorical(torch.ones(300, 10)), 1))
    with pytest.raises(ValueError, match=str(2**20 + 1)):
        enumerate_support(Categorical(torch.ones(2**20 + 1)))


@pytest.mark.parametrize("q", [Normal(0.0, 1.0), Poisson(1.0)])
def test_infinite_supports_are_refused(q):
    with pytest.raises(ValueError, match="no finite support"):
        enumerate_support(q)
