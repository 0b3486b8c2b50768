"""Local expectation: exact for one variable, and never above the score function for several."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Binomial, Categorical, Independent, OneHotCategorical

from tests.estimators.measure import assert_exactly_unbiased, by_outcomes
from tests.estimators.problems import categorical_vae, ladder, vae
from vilib import exact
from vilib.estimators import Estimator, LocalExpectation, ScoreFunction
from vilib.estimators.digits import from_digits, log_table, to_digits
from vilib.estimators.local_expectation import neighbours

ONE = ("bernoulli", "bernoulli_at_0", "categorical", "one_hot")
SEVERAL = ("pair", "four", "one_hot_pair")


@pytest.mark.parametrize("rung", ["constant", "weighted", "nonlinear"])
@pytest.mark.parametrize("family", ONE + SEVERAL)
def test_mean_is_exact(family, rung):
    assert_exactly_unbiased(LocalExpectation(), ladder(family, rung), 1)


def test_mean_is_exact_for_encoder_and_decoder():
    assert_exactly_unbiased(LocalExpectation(), vae(), 2)
    assert_exactly_unbiased(LocalExpectation(), categorical_vae(), 1)


def assert_no_variance(problem):
    """None but the rounding of the probabilities and of the squares."""
    rounding = 100 * torch.finfo(problem.leaves[0].dtype).eps
    assert by_outcomes(LocalExpectation(), problem, 1).variance.max() < rounding
    assert by_outcomes(ScoreFunction(), problem, 1).variance.max() > 20 * rounding


@pytest.mark.parametrize("family", ONE)
def test_one_variable_leaves_nothing_to_chance(family):
    assert_no_variance(ladder(family, "nonlinear"))


@pytest.mark.parametrize("family", SEVERAL)
def test_additive_functions_leave_nothing_to_chance(family):
    # the change of f is the same whatever the other variables are
    assert_no_variance(ladder(family, "weighted"))


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("family", ["pair", "one_hot_pair"])
def test_variance_is_below_the_score_function_s(family, samples):
    # Rao and Blackwell, for every logit
    problem = ladder(family, "nonlinear")
    plain, local = (
        by_outcomes(e, problem, samples).variance for e in (ScoreFunction(), LocalExpectation())
    )
    assert (local < plain).all()
    assert local.sum() < plain.sum() / 2


def test_variance_by_formula():
    # one logit of a pair: p₁ (1 - p₁) (f(1, z₂) - f(0, z₂)), with z₂ Bernoulli
    problem = ladder("pair", "nonlinear")
    _, f, (a,) = problem.build(1)
    p = a.detach()[0].sigmoid()
    F = f(torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[:, None])[:, 0]
    gap = torch.stack([F[2] - F[0], F[3] - F[1]])
    variance = (p[0] * (1 - p[0])) ** 2 * p[1] * (1 - p[1]) * (gap[1] - gap[0]) ** 2
    found = by_outcomes(LocalExpectation(), problem, 1).variance[0]
    assert found.item() == pytest.approx(variance.item(), rel=1e-4)


def test_one_sample_by_hand():
    a = torch.tensor([[0.3, -0.5, 1.0], [0.0, 0.4, -0.2]], requires_grad=True)  # D = 2, K = 3
    w = torch.tensor([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], requires_grad=True)
    seen = []

    def f(z):
        seen.append(z)
        return (z * w).sum(-1).prod(-1)

    surrogate = LocalExpectation()(Independent(OneHotCategorical(logits=a[None]), 1), f)
    found_a, found_w = torch.autograd.grad(surrogate.sum(), [a, w])
    z = seen[0][0, 0]  # [2, 3]
    score = (z * w.detach()).sum(-1)  # w₁[z₁], w₂[z₂]
    assert torch.allclose(surrogate, score.prod())
    p = a.detach().softmax(-1)
    for i in (0, 1):
        F = w.detach()[i] * score[1 - i]  # f with zᵢ := v
        assert torch.allclose(found_a[i], p[i] * (F - (p[i] * F).sum()))
        assert torch.allclose(found_w[i], z[i] * score[1 - i])


def test_which_points_are_evaluated():
    q = Independent(Categorical(logits=torch.zeros(7, 3, 4)), 1)  # B = 7, D = 3, K = 4
    seen = []

    def f(z):
        seen.append((z, torch.is_grad_enabled()))
        return z.sum(-1) * 1.0

    LocalExpectation()(q, f, 2)
    (z, with_graph), (there, with_graph_there) = seen
    assert (with_graph, with_graph_there) == (True, False)
    assert z.shape == (2, 7, 3)
    # D (K - 1) of them per sample, all different, all one variable away
    assert there.shape == (3 * 3 * 2, 7, 3)
    there = there.unflatten(0, (9, 2))
    assert ((there != z).sum(-1) == 1).all()
    for s in range(2):
        for b in range(7):
            assert len(there[:, s, b].unique(dim=0)) == 9


class Wrong(Estimator):
    """Local expectation, written out; to be spoilt."""

    spoilt = ""

    def __call__(self, q, f, num_samples=1):
        z = q.sample((num_samples,))
        values, digits, p = f(z), to_digits(q, z), log_table(q).exp()
        D, K = p.shape[-2:]
        others = (digits[..., None] + torch.arange(1, K)) % K
        there = f(from_digits(q, neighbours(digits, others)).flatten(0, 2))
        there = there.unflatten(0, (D, K - 1, num_samples)).movedim((0, 1), (-2, -1))
        all_p = p.expand(num_samples, *p.shape)
        p, own = all_p.gather(-1, others), all_p.gather(-1, digits[..., None])
        if self.spoilt == "neighbours' weights":
            p = p.log()
        if self.spoilt == "own weight":
            own = own.detach()
        if self.spoilt == "graph":
            local = (p * there).sum((-2, -1)) + (own * values[..., None, None]).sum((-2, -1))
            return (values + local - local.detach()).mean(0)
        local = (p * there.detach()).sum((-2, -1))
        local = local + (own * values.detach()[..., None, None]).sum((-2, -1))
        return (values + local - local.detach()).mean(0)


def test_the_textbook_form_is_the_same():
    # ∑ over all values, f(z) not taken off
    assert_exactly_unbiased(Wrong(), vae(), 1)
    problem = ladder("one_hot_pair", "nonlinear")
    both = (by_outcomes(e, problem, 1) for e in (Wrong(), LocalExpectation()))
    for a, b in zip(*both):
        assert torch.allclose(torch.as_tensor(a), torch.as_tensor(b), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("fault", ["neighbours' weights", "own weight", "graph"])
def test_mutants_die(fault):
    wrong = Wrong()
    wrong.spoilt = fault
    with pytest.raises(AssertionError, match="off by"):
        assert_exactly_unbiased(wrong, vae(), 1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_logits(dtype):
    a = torch.tensor([40.0, -40.0, 0.0, 17.0], dtype=dtype, requires_grad=True)
    surrogate = LocalExpectation()(Bernoulli(logits=a), lambda z: 3 * z + 1)
    (g,) = torch.autograd.grad(surrogate.sum(), a)
    truth = [3 / (2 + math.exp(x) + math.exp(-x)) for x in (40.0, -40.0, 0.0, 17.0)]
    assert g.tolist() == pytest.approx(truth, rel=1e-5)


def test_an_offset_of_f_costs_no_digits():
    a = torch.tensor([0.7], dtype=torch.float32, requires_grad=True)
    surrogate = LocalExpectation()(Bernoulli(logits=a), lambda z: z + 2.0**20)
    (g,) = torch.autograd.grad(surrogate.sum(), a)
    p = 1 / (1 + math.exp(-0.7))
    assert g.item() == pytest.approx(p * (1 - p), rel=1e-6)


def test_where_f_is_infinite_and_q_has_no_mass():
    p = torch.tensor([[[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]], requires_grad=True)
    f = lambda z: torch.where((z[..., 0] == 2) | (z[..., 1] != 1), torch.inf, z[..., 0] * 1.0)  # noqa: E731
    surrogate = LocalExpectation()(Independent(Categorical(p), 1), f, 3)
    (g,) = torch.autograd.grad(surrogate.sum(), p)
    assert surrogate.isfinite().all()
    assert g.isfinite().all()
    assert g[0, 0, 1] - g[0, 0, 0] == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bernoulli(logits=torch.randn(())),
        lambda: Independent(Bernoulli(logits=torch.randn(3)), 1),
        lambda: Categorical(logits=torch.randn(4)),
        lambda: Bernoulli(logits=torch.randn(2, 3)),
        lambda: Independent(Bernoulli(logits=torch.randn(2, 3, 2)), 2),
        lambda: Independent(OneHotCategorical(logits=torch.randn(2, 3, 4)), 1),
        lambda: Binomial(3, logits=torch.randn(2)),
        lambda: Categorical(logits=torch.randn(2, 1)),
    ],
)
def test_shapes_and_value(make):
    q = make()
    seen = []

    def f(z):
        z = z * 1.0
        seen.append(z.flatten(1 + len(q.batch_shape)).sum(-1) if q.event_shape else z)
        return seen[-1]

    with torch.no_grad():
        surrogate = LocalExpectation()(q, f, 3)
    assert surrogate.shape == q.batch_shape
    assert torch.equal(surrogate, seen[0].mean(0))


def test_other_distributions_with_a_finite_support():
    a = torch.tensor([0.3, -1.0], requires_grad=True)
    q = Binomial(3, logits=a)
    (g,) = torch.autograd.grad(LocalExpectation()(q, lambda z: z**2).sum(), a)
    (truth,) = exact.gradient(Binomial(3, logits=a), lambda z: z**2, [a])
    assert torch.allclose(g, truth, rtol=1e-4)


def test_datapoints_do_not_mix():
    a = torch.randn(5, 4, requires_grad=True)
    q = Independent(Bernoulli(logits=a), 1)
    surrogate = LocalExpectation()(q, lambda z: (z.sum(-1) - 0.7) ** 2, 2)
    (g,) = torch.autograd.grad(surrogate[2], a)
    assert g[2].abs().sum() > 0
    assert g[[0, 1, 3, 4]].abs().sum() == 0
