"""Exact sums over sparse supports, and what they cost."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, Normal, OneHotCategorical

from tests.estimators.measure import assert_exactly_unbiased, by_outcomes
from tests.estimators.problems import categorical_vae, ladder, vae
from vilib import exact
from vilib.distributions import (
    Atoms,
    SparseCategorical,
    SparseOneHotCategorical,
    TopKSparsemax,
)
from vilib.estimators import Enumeration, SparseMarginalisation
from vilib.sparse import sparsemap, sparsemax

# sparsemax of these: 2, 1 and 4 values with mass
SCORES = ([1.0, 0.5, -1.0, 0.0], [3.0, 0.0, 0.5, 1.0], [0.1, 0.2, 0.0, 0.1])


@pytest.mark.parametrize("family", ["bernoulli", "pair", "four", "categorical", "one_hot_pair"])
def test_dense_distributions_are_enumerated(family):
    problem = ladder(family, "nonlinear")
    estimator = SparseMarginalisation()
    assert_exactly_unbiased(estimator, problem, 1)
    assert by_outcomes(estimator, problem, 1).variance.max() < 1e-12
    q, f, _ = problem.build(3)
    assert torch.allclose(estimator(q, f), Enumeration()(q, f))
    assert estimator.evaluations.tolist() == [len(exact.enumerate_support(q).values)] * 3


@pytest.mark.parametrize("problem", [vae, categorical_vae])
def test_encoder_and_decoder(problem):
    assert_exactly_unbiased(SparseMarginalisation(), problem(), 1)


def sparse(name, scores):
    """A distribution with probabilities that are 0, from scores `[B, 4]`."""
    return {
        "index": lambda: SparseCategorical(scores),
        "one-hot": lambda: SparseOneHotCategorical(scores),
        "two indices": lambda: Independent(SparseCategorical(scores.unflatten(-1, (2, 2))), 1),
        "probs": lambda: Categorical(sparsemax(scores)),
        "top 3": lambda: TopKSparsemax(scores, k=3),
        "top 20": lambda: TopKSparsemax(scores, k=20),
        "top 3 of rows": lambda: TopKSparsemax(scores.unflatten(-1, (2, 2)), k=3, one_hot=True),
    }[name]()


NAMES = ("index", "one-hot", "two indices", "probs", "top 3", "top 20", "top 3 of rows")


def points_of(q):
    """All values of the event, where q itself cannot list them."""
    if not isinstance(q, Atoms):
        return None
    bits = Bernoulli(torch.zeros(q.event_shape))
    return exact.enumerate_support(Independent(bits, len(q.event_shape)))


def reward(w):
    """A function without structure of any value, that depends on w."""

    def f(z):
        z = z.to(w).flatten(2) if z.dim() > 2 else z.to(w)[..., None]
        return (w * (z @ torch.arange(1.0, z.shape[-1] + 1).to(w))).cos() + w * z.sum(-1)

    return f


@pytest.mark.parametrize("name", NAMES)
def test_sparse_distributions_against_all_values(name):
    scores = torch.tensor(SCORES, requires_grad=True)
    w = torch.tensor(0.7, requires_grad=True)
    q, f = sparse(name, scores), reward(w)
    points = points_of(q)
    if isinstance(q, Atoms):
        q._validate_args = False  # of all bits, some are no one-hot rows
    truth = exact.expectation(q, f, points)
    estimator = SparseMarginalisation()
    surrogate = estimator(q, f, 5)
    tolerance = {"rtol": 1e-4, "atol": 1e-6}
    assert torch.allclose(surrogate.double(), truth, **tolerance)
    found = torch.autograd.grad(surrogate.sum(), [scores, w], retain_graph=True)
    for g, t in zip(found, exact.gradient(q, f, [scores, w], points)):
        assert torch.allclose(g, t, **tolerance)
    assert found[0].abs().sum() > 0


def test_the_gradient_of_sparsemax_by_hand():
    # in the support, f minus its plain mean over the support; elsewhere nothing
    scores = torch.tensor(SCORES, requires_grad=True)
    table = torch.tensor([1.0, -2.0, 5.0, 3.0])
    surrogate = SparseMarginalisation()(SparseCategorical(scores), lambda z: table[z])
    (g,) = torch.autograd.grad(surrogate.sum(), scores)
    expected = [[1.5, -1.5, 0, 0], [0, 0, 0, 0], [-0.75, -3.75, 3.25, 1.25]]
    assert torch.allclose(g, torch.tensor(expected))


def test_how_many_evaluations():
    estimator, seen = SparseMarginalisation(), []

    def f(z):
        seen.append(z)
        return z.sum(-1)

    q = SparseOneHotCategorical(torch.tensor(SCORES))
    estimator(q, f)
    assert estimator.evaluations.tolist() == [2, 1, 4]
    assert estimator.calls == 7
    assert [tuple(z.shape) for z in seen] == [(4, 3, 4)]
    # the first datapoint's support, then its likeliest value again
    assert seen[0][:, 0].argmax(-1).tolist() == [0, 1, 0, 0]
    assert seen[0][:, 1].argmax(-1).tolist() == [0, 0, 0, 0]
    estimator(q.expand((2, 3)), lambda z: z.sum(-1))
    assert estimator.evaluations.tolist() == [[2, 1, 4]] * 2
    assert estimator.calls == 21
    estimator.reset()
    assert (estimator.evaluations, estimator.calls) == (None, 0)


def test_a_large_space_with_a_small_support():
    # 10¹² values, of which 2 · 1 · 2 · 1 have mass
    scores = torch.zeros(4, 1000)
    scores[0, :2], scores[1, 5], scores[2, 7:9], scores[3, 0] = 3.0, 3.0, 4.0, 2.0
    q = Independent(SparseCategorical(scores[None]), 1)
    estimator = SparseMarginalisation()
    value = estimator(q, lambda z: z.sum(-1) * 1.0)
    assert value.item() == pytest.approx(0.5 + 5 + 7.5 + 0)
    assert estimator.evaluations.tolist() == [4]


def infinite_outside(allowed):
    """f(z) = z, infinite at the values that are not allowed to a datapoint, from `[B, K]`."""

    def f(z):
        ok = allowed.expand(len(z), *allowed.shape).gather(-1, z.long()[..., None]).squeeze(-1)
        return torch.where(ok, z * 1.0, torch.inf)

    return f


def over_everything(q, f):
    """A mistake: all values, those without mass too."""
    z = q.enumerate_support()
    return (q.probs.movedim(-1, 0) * f(z)).sum(0)


def over_the_padding(q, f):
    """A mistake: the largest support of the batch for all datapoints, unmasked."""
    n = int((q.probs > 0).sum(-1).max())
    p, z = q.probs.topk(n)
    return (p.movedim(-1, 0) * f(z.movedim(-1, 0))).sum(0)


def test_values_without_mass_are_never_asked_about():
    scores = torch.tensor(SCORES[:2], requires_grad=True)
    q = SparseCategorical(scores)
    f = infinite_outside(torch.tensor([[True, True, False, False], [True, False, False, False]]))
    right = SparseMarginalisation()(q, f)
    assert right.tolist() == pytest.approx([0.25, 0.0])
    assert torch.autograd.grad(right.sum(), scores)[0].isfinite().all()
    for wrong in (over_everything, over_the_padding):
        assert not wrong(q, f)[1].isfinite()


def test_an_impossible_mode_is_minus_infinity_and_not_nan():
    # the padding repeats the mode: its weight is 0, and 0 · ∞ = 0
    f = lambda z: torch.where(z == 0, -torch.inf, z * 1.0)  # noqa: E731
    value = SparseMarginalisation()(SparseCategorical(torch.tensor(SCORES[:2])), f)
    assert value.tolist() == [-math.inf, -math.inf]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_probabilities_given_as_0(dtype):
    category = Categorical(torch.tensor([[0.5, 0.5, 0.0]], dtype=dtype))
    bit = Bernoulli(torch.tensor([1.0], dtype=dtype))
    for q, allowed, mean in ((category, [[1, 1, 0]], 0.5), (bit, [[0, 1]], 1.0)):
        value = SparseMarginalisation()(q, infinite_outside(torch.tensor(allowed) > 0))
        assert value.item() == pytest.approx(mean, rel=1e-6)


def test_f_may_contain_log_q():
    scores = torch.tensor(SCORES, requires_grad=True)
    for name in NAMES:
        q = sparse(name, scores)
        entropy = SparseMarginalisation()(q, lambda z, q=q: -q.log_prob(z))
        assert torch.allclose(entropy, q.entropy(), atol=1e-6)
        (g,) = torch.autograd.grad(entropy.sum(), scores, retain_graph=True)
        (t,) = torch.autograd.grad(q.entropy().sum(), scores)
        assert torch.allclose(g, t, atol=1e-5)
        assert g.isfinite().all()


def test_a_sparsemap_distribution():
    # pairs of parts out of four
    pairs = torch.nn.functional.one_hot(torch.combinations(torch.arange(4)), 4).sum(1)
    scores = torch.tensor([[1.0, 0.6, 0.3, -2.0], [0.1, 0.2, 0.0, 0.0]], requires_grad=True)
    marginals, structures, probs = sparsemap(scores, pairs)
    w = torch.tensor([0.5, -1.0, 2.0, 1.0])
    estimator = SparseMarginalisation()
    # a linear f needs no more than the marginals
    surrogate = estimator(Atoms(structures, probs), lambda z: z @ w)
    assert torch.allclose(surrogate, marginals @ w)
    assert estimator.evaluations[0] == 2
    found, truth = (
        torch.autograd.grad(x.sum(), scores, retain_graph=True)[0]
        for x in (surrogate, marginals @ w)
    )
    assert torch.allclose(found, truth)


# --- k


def test_k_keeps_the_likeliest_and_renormalises():
    q = OneHotCategorical(torch.tensor([[0.1, 0.5, 0.4], [0.6, 0.3, 0.1]]))
    table = torch.tensor([1.0, 2.0, 4.0])
    estimator = SparseMarginalisation(k=2)
    value = estimator(q, lambda z: z @ table)
    expected = [(0.5 * 2 + 0.4 * 4) / 0.9, (0.6 * 1 + 0.3 * 2) / 0.9]
    assert value.tolist() == pytest.approx(expected)
    assert estimator.evaluations.tolist() == [2, 2]


@pytest.mark.parametrize("name", NAMES)
def test_a_k_that_suffices_changes_nothing(name):
    scores = torch.tensor(SCORES, requires_grad=True)
    q, f = sparse(name, scores), reward(torch.tensor(0.7))
    both = [SparseMarginalisation(k)(q, f) for k in (None, 16)]
    assert torch.allclose(*both)
    grads = [torch.autograd.grad(x.sum(), scores, retain_graph=True)[0] for x in both]
    assert torch.allclose(*grads, atol=1e-6)


def test_a_small_k_is_biased_but_not_on_constants():
    problem = ladder("four", "nonlinear")
    with pytest.raises(AssertionError, match="off by"):
        assert_exactly_unbiased(SparseMarginalisation(k=3), problem, 1)
    assert_exactly_unbiased(SparseMarginalisation(k=3), ladder("four", "constant"), 1)
    # f's own gradient gets the scaled weights
    assert_exactly_unbiased(SparseMarginalisation(k=16), problem, 1)


# --- mistakes


class TopSoftmax(SparseMarginalisation):
    """A mistake: softmax over the k best scores instead of sparsemax."""

    def __call__(self, q, f, num_samples=1):
        p = (q.values * self.scores).sum(-1).softmax(0)
        return (p * f(q.values)).sum(0)


class Detached(SparseMarginalisation):
    """A mistake: the probabilities are constants."""

    def __call__(self, q, f, num_samples=1):
        return (q.probs.detach() * f(q.values)).sum(0)


def assert_right(estimator, scores):
    """The gradient of the three scores under the exact sparsemax over all eight vectors."""
    q = TopKSparsemax(scores, k=5)
    assert q.is_exact.all()
    bits = exact.enumerate_support(Independent(Bernoulli(torch.zeros(3)), 1)).values.to(scores)
    w = torch.tensor([1.0, -2.0, 0.5])
    f = lambda z: ((z - 0.3) @ w) ** 2 + 0.0 * scores.sum()  # noqa: E731
    truth = (sparsemax(bits @ scores) * f(bits)).sum()
    estimator.scores = scores
    value = estimator(q, f)
    for x, y in ((value, truth), *zip(*(torch.autograd.grad(x, scores) for x in (value, truth)))):
        assert torch.allclose(x, y, rtol=1e-5, atol=1e-6)


def test_mutants_die():
    scores = torch.tensor([0.4, -0.2, 0.3], requires_grad=True)
    assert_right(SparseMarginalisation(), scores)
    for wrong in (TopSoftmax(), Detached()):
        with pytest.raises(AssertionError):
            assert_right(wrong, scores)


# --- the contract


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_logits(dtype):
    a = torch.tensor([40.0, -40.0, 0.0, 17.0], dtype=dtype, requires_grad=True)
    surrogate = SparseMarginalisation()(Bernoulli(logits=a), lambda z: 3 * z)
    (g,) = torch.autograd.grad(surrogate.sum(), a)
    truth = [3 / (2 + math.exp(x) + math.exp(-x)) for x in (40.0, -40.0, 0.0, 17.0)]
    assert g.tolist() == pytest.approx(truth, rel=1e-4)
    scores = torch.tensor([[1e6, -1e6, 0.0], [40.0, 39.8, -40.0]], dtype=dtype, requires_grad=True)
    q = SparseCategorical(scores)
    surrogate = SparseMarginalisation()(q, lambda z: z - q.log_prob(z))
    assert surrogate[0] == 0
    assert torch.autograd.grad(surrogate.sum(), scores)[0].isfinite().all()


@pytest.mark.parametrize(
    "make",
    [
        lambda: SparseCategorical(torch.randn(4)),
        lambda: TopKSparsemax(torch.randn(4), 3),
        lambda: TopKSparsemax(torch.randn(2, 3, 4), 3),
        lambda: TopKSparsemax(torch.randn(2, 4, 3), 5, one_hot=True),
        lambda: Independent(SparseOneHotCategorical(torch.randn(2, 3, 4)), 1),
        lambda: Bernoulli(logits=torch.randn(())),
    ],
)
def test_shapes(make):
    q = make()
    f = lambda z: z.flatten(1 + len(q.batch_shape)).sum(-1) if q.event_shape else z * 1.0  # noqa: E731
    for k in (None, 1, 2):
        surrogate = SparseMarginalisation(k)(q, f)
        assert surrogate.shape == q.batch_shape


def test_datapoints_do_not_mix():
    scores = torch.tensor(SCORES, requires_grad=True)
    for name in NAMES:
        surrogate = SparseMarginalisation()(sparse(name, scores), reward(torch.tensor(0.3)))
        (g,) = torch.autograd.grad(surrogate[2], scores)
        assert g[2].abs().sum() > 0
        assert g[:2].abs().sum() == 0


def test_what_cannot_be_served_is_refused():
    f = lambda z: z.sum(-1)  # noqa: E731
    with pytest.raises(ValueError, match="1048576"):
        SparseMarginalisation()(Independent(Bernoulli(torch.full((1, 21), 0.5)), 1), f)
    with pytest.raises(ValueError, match=str(2**100)):
        SparseMarginalisation()(Independent(Bernoulli(torch.full((1, 100), 0.5)), 1), f)
    with pytest.raises(ValueError, match="no finite support"):
        SparseMarginalisation()(Normal(torch.zeros(2), 1.0), f)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        SparseMarginalisation(0)
    with pytest.raises(ValueError, match=r"\[4, 3\], got"):
        SparseMarginalisation()(SparseCategorical(torch.tensor(SCORES)), f)
    # a k makes it short
    q = Independent(Bernoulli(torch.full((1, 100), 0.25)), 1)
    assert SparseMarginalisation(3)(q, f).item() == pytest.approx(2 / (1 + 2 / 3) / 3, rel=1e-4)
