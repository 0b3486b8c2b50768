"""TopKSparsemax against sparsemax over all configurations, and Atoms against a list by hand."""

import math

import pytest
import torch
from torch.autograd import gradcheck
from torch.distributions import Bernoulli, Categorical, Independent, Normal, OneHotCategorical

from tests.estimators.every_choice import every_choice
from vilib import exact
from vilib.distributions import Atoms, TopKSparsemax
from vilib.sparse import sparsemax


def configurations(shape, one_hot):
    """All of them, `[N, *event]`."""
    if one_hot:
        q = Independent(OneHotCategorical(torch.ones(shape)), 1)
    else:
        q = Independent(Bernoulli(torch.zeros(shape)), 1)
    return exact.enumerate_support(q).values.to(torch.get_default_dtype())


def total(scores, z):
    """The score of each configuration, `[N, B]`."""
    return (scores * z[:, None]).flatten(2).sum(-1)


CASES = [((6,), False), ((3, 4), True), ((1,), False), ((1, 5), True)]


def assert_right(make, shape, one_hot, k, scale):
    """As enumeration of all configurations has it: sparsemax over the k best."""
    scores = scale * torch.randn(7, *shape)
    q, z = make(scores, k, one_hot), configurations(shape, one_hot)
    s = total(scores, z)
    best = s.topk(min(k, len(z)), dim=0).values
    p = sparsemax(s.where(s >= best[-1], -torch.inf), dim=0)
    log_q = q.log_prob(z[:, None])
    assert torch.allclose(log_q.exp(), p, atol=1e-5)
    assert ((log_q == -math.inf) == (p == 0)).all()
    assert torch.allclose(q.probs.sum(0), torch.ones(7))
    # fewer than k with mass: then it is the sparsemax over all of them
    everything = sparsemax(s, dim=0)
    assert torch.allclose(p[:, q.is_exact], everything[:, q.is_exact], atol=1e-5)
    return q


@pytest.mark.parametrize("scale", [0.1, 1.0, 5.0])
@pytest.mark.parametrize(("shape", "one_hot"), CASES)
def test_against_enumeration(shape, one_hot, scale):
    for k in (1, 2, 5, 40, 100):
        assert_right(TopKSparsemax, shape, one_hot, k, scale)


def test_is_exact():
    # at zero all 64 vectors tie: 40 are not enough, 64 are
    assert not TopKSparsemax(torch.zeros(6), 40).is_exact
    assert TopKSparsemax(torch.zeros(6), 64).is_exact
    assert TopKSparsemax(torch.zeros(6), 100).probs.shape == (64,)
    assert TopKSparsemax(torch.tensor([2.0, -3.0]), 2).is_exact
    mixed = TopKSparsemax(torch.tensor([[2.0, -3.0, 4.0], [0.1, 0.0, 0.0]]), 4)
    assert mixed.is_exact.tolist() == [True, False]


def renormalised_softmax(scores, k, one_hot):
    """A mistake: softmax over the k best."""
    q = TopKSparsemax(scores, k, one_hot)
    s = (scores * q.values).flatten(2).sum(-1)
    q.probs = s.softmax(0)
    return q


def independent_bits(scores, k, one_hot):
    """A mistake: sparsemax for every bit by itself, and the product of them."""
    q = TopKSparsemax(scores, 64, one_hot)
    p = sparsemax(torch.stack([0 * scores, scores], -1))[..., 1]
    q.probs = (q.values * p + (1 - q.values) * (1 - p)).prod(-1)
    return q


def first_k(scores, k, one_hot):
    """A mistake: k configurations, but not the best ones."""
    z = configurations(scores.shape[1:], one_hot)[:k, None].expand(-1, 7, -1)
    q = TopKSparsemax(scores, k, one_hot)
    q.values, q.probs = z, sparsemax((scores * z).sum(-1), dim=0)
    return q


@pytest.mark.parametrize("wrong", [renormalised_softmax, independent_bits, first_k])
def test_mutants_die(wrong):
    with pytest.raises(AssertionError):
        assert_right(wrong, (6,), False, 5, 1.0)


@pytest.mark.parametrize("one_hot", [False, True])
def test_gradient(one_hot):
    # no ties, and away from the edges of the support
    scores = torch.tensor([[[0.9, 0.2, -0.48], [-0.6, 0.33, 0.12]]], dtype=torch.double)
    scores = (scores if one_hot else scores.flatten(1)).requires_grad_()
    q = TopKSparsemax(scores, 6, one_hot)
    assert (q.probs > 0).sum() > 1
    assert gradcheck(lambda s: TopKSparsemax(s, 6, one_hot).probs, scores)
    assert gradcheck(lambda s: TopKSparsemax(s, 6, one_hot).mean, scores)
    assert gradcheck(lambda s: TopKSparsemax(s, 6, one_hot).entropy(), scores)


@pytest.mark.parametrize("one_hot", [False, True])
def test_mean_entropy_and_mode(one_hot):
    shape = (2, 3) if one_hot else (6,)
    scores = torch.randn(7, *shape)
    q, z = TopKSparsemax(scores, 8, one_hot), configurations(shape, one_hot)
    p = q.log_prob(z[:, None]).exp()
    assert torch.allclose(q.mean, (p.reshape(*p.shape, *(1,) * len(shape)) * z[:, None]).sum(0))
    entropy = -(p * p.where(p > 0, 1.0).log()).sum(0)
    assert torch.allclose(q.entropy(), entropy, atol=1e-6)
    best = (scores > 0).to(scores)
    if one_hot:
        best = torch.nn.functional.one_hot(scores.argmax(-1), 3).to(scores)
    assert torch.equal(q.mode, best)


@pytest.mark.parametrize("one_hot", [False, True])
def test_the_law_of_samples(one_hot):
    scores = torch.tensor([[[0.9, 0.2], [0.0, 0.35]]])
    q = TopKSparsemax(scores if one_hot else scores.flatten(1), 6, one_hot)
    z = q.values[:, 0]
    law = torch.zeros(len(z))
    for drawn, w in every_choice(lambda: q.sample((1,))[0, 0]):
        law += w * (z == drawn).flatten(1).all(-1)
    assert torch.allclose(law, q.probs[:, 0], atol=1e-6)


def test_shapes():
    q = TopKSparsemax(torch.randn(2, 3, 5), 4)
    assert (q.batch_shape, q.event_shape) == ((2, 3), (5,))
    assert q.sample((7,)).shape == (7, 2, 3, 5)
    assert q.sample().shape == (2, 3, 5)
    assert q.log_prob(q.sample((7,))).isfinite().all()
    assert q.sample().dtype == torch.get_default_dtype()
    one = TopKSparsemax(torch.randn(5), 4)
    assert one.batch_shape == ()
    assert one.log_prob(one.mode).shape == ()
    wide = one.expand((6,))
    assert wide.sample((2,)).shape == (2, 6, 5)
    assert wide.is_exact.shape == (6,)
    assert torch.equal(wide.mode[3], one.mode)
    assert TopKSparsemax(torch.randn(2, 4, 3), 4, one_hot=True).event_shape == (4, 3)
    assert q.support.is_discrete
    with pytest.raises(ValueError, match="support"):
        q.log_prob(torch.full((2, 3, 5), 0.5))
    with pytest.raises(ValueError, match="at least 1, got 0"):
        TopKSparsemax(torch.zeros(3), 0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_scores(dtype):
    scores = torch.tensor([1e4, -1e4, 0.25, 0.0], dtype=dtype, requires_grad=True)
    q = TopKSparsemax(scores, 8)
    assert q.probs.sum().item() == pytest.approx(1.0)
    # the last two bits decide among themselves
    assert q.probs[:4].tolist() == pytest.approx([0.375, 0.375, 0.125, 0.125], abs=1e-3)
    (g,) = torch.autograd.grad(q.entropy(), scores)
    assert g.isfinite().all()
    barred = TopKSparsemax(torch.tensor([0.3, -torch.inf, 0.1], dtype=dtype), 8)
    assert barred.mean[1] == 0


# --- Atoms


def test_atoms_by_hand():
    values = torch.tensor([[3, 1], [5, 4]])  # two atoms each, B = 2, no event axes
    probs = torch.tensor([[0.2, 1.0], [0.8, 0.0]])
    q = Atoms(values, probs)
    assert (q.batch_shape, q.event_shape) == ((2,), ())
    log_q = q.log_prob(torch.tensor([[3, 3], [5, 1], [1, 4]]))
    expected = torch.tensor([[0.2, 0.0], [0.8, 1.0], [0.0, 0.0]]).log()
    assert torch.allclose(log_q, expected)
    assert q.mode.tolist() == [5, 1]
    assert q.mean.tolist() == pytest.approx([4.6, 1.0])
    ranked, p = q.ranked()
    assert ranked.tolist() == [[5, 1], [3, 4]]
    assert p.flatten().tolist() == pytest.approx([0.8, 1.0, 0.2, 0.0])
    assert set(q.sample((100,))[:, 1].tolist()) == {1}
    assert q.sample((3, 4)).shape == (3, 4, 2)
    assert q.support.is_discrete
    # the same value twice: its masses add up
    assert Atoms(torch.zeros(2), torch.tensor([0.5, 0.5])).log_prob(torch.tensor(0.0)) == 0


def test_atoms_refuse_what_is_no_distribution():
    with pytest.raises(ValueError, match=r"\[2, 3\] and event axes.*got \[3, 2\]"):
        Atoms(torch.zeros(3, 2), torch.full((2, 3), 0.5))
    with pytest.raises(ValueError, match="sum to 1"):
        Atoms(torch.zeros(2, 3), torch.full((2, 3), 0.4))
    Atoms(torch.zeros(2, 3), torch.full((2, 3), 0.4), validate_args=False)


def test_what_needs_a_common_support_refuses():
    # the datapoints have different supports: a list for all of them would be wrong
    q = TopKSparsemax(torch.randn(3, 4), 2)
    with pytest.raises(ValueError, match="no finite support"):
        exact.expectation(q, lambda z: z.sum(-1))
    assert not isinstance(q, Normal | Categorical)
