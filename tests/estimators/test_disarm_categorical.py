"""DisARM for categoricals, exactly: piece by piece over the uniform numbers of every coin."""

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, OneHotCategorical
from torch.nn.functional import one_hot

from tests.estimators.coins import (
    Coins,
    dropped,
    dropped_too_many,
    plain,
    without_absolute,
    without_sign,
)
from tests.estimators.exact_moments import (
    assert_close,
    by_pieces,
    forced_rand,
    grid,
    named,
    per_copy,
    pieces,
)
from tests.estimators.measure import build, by_outcomes
from tests.estimators.problems import Problem, ladder
from vilib.estimators.contract import innermost
from vilib.estimators.disarm import DisARM
from vilib.estimators.disarm_categorical import DisARMCategorical, mirrored_pair

PROBLEMS = ["categorical-nonlinear", "one_hot-nonlinear", "one_hot_pair-nonlinear"]


def coins(problem):
    """The probability that each coin of a problem stops, `[..., K - 1]`, by division."""
    p = innermost(problem.build(1)[0]).probs[0].detach().double()
    return p[..., :-1] / p.flip(-1).cumsum(-1).flip(-1)[..., :-1]


def moments(estimator, problem, pairs=1):
    return by_pieces(estimator, problem, coins(problem), pairs)


def assert_exact(estimator, problem, pairs=1):
    assert_close(moments(estimator, problem, pairs).mean, problem.gradient(), problem)


@pytest.mark.parametrize("name", [*PROBLEMS, "categorical_vae"])
def test_the_mean_is_exact(name):
    assert_exact(DisARMCategorical(), named(name))


@pytest.mark.parametrize("weight", [plain, dropped])
@pytest.mark.parametrize("name", PROBLEMS)
def test_the_mean_is_exact_without_integrating_out(weight, name):
    assert_exact(Coins(weight), named(name))


@pytest.mark.parametrize("weight", [dropped_too_many, without_sign, without_absolute])
@pytest.mark.parametrize("name", [*PROBLEMS, "categorical_vae"])
def test_mutants(weight, name):
    if weight is without_absolute and (coins(named(name)) >= 0.5).all():
        # only a coin that rarely stops shows it
        assert_exact(Coins(weight), named(name))
        return
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(Coins(weight), named(name))


def test_two_pairs_are_exact():
    assert_exact(DisARMCategorical(), ladder("categorical", "nonlinear"), pairs=2)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
@pytest.mark.parametrize("rung", ["linear", "nonlinear"])
def test_any_order_of_the_categories_is_right(order, rung):
    problem = ladder("one_hot", rung)
    (a,) = problem.leaves
    assert_exact(DisARMCategorical(), Problem("shuffled", (a[list(order)],), problem.make))


@pytest.mark.parametrize("name", [*PROBLEMS, "categorical_vae"])
def test_each_step_of_the_integration_takes_variance_off(name):
    problem = named(name)
    ours, some, none = (
        moments(e, problem).variance for e in (DisARMCategorical(), Coins(dropped), Coins(plain))
    )
    assert (ours <= some * (1 + 1e-5) + 1e-9).all()
    assert (some <= none * (1 + 1e-5) + 1e-9).all()
    assert ours.sum() < 0.99 * some.sum()


@pytest.mark.parametrize("name", PROBLEMS)
def test_it_is_what_the_coins_make_of_the_pair_on_average(name):
    # E[DisARM of all coins | z, z̃]: the mean over all uniform numbers with the same pair
    problem, p = named(name), coins(named(name))
    u, weights = grid([pieces(v) for v in p.flatten().tolist()])
    u = u.reshape(1, -1, *p.shape)
    with forced_rand(u):
        _, single = per_copy(Coins(plain), problem, 2, len(weights))
    with forced_rand(u):
        _, ours = per_copy(DisARMCategorical(), problem, 2, len(weights))
    q, _, _ = problem.build(len(weights))
    with forced_rand(u):
        pair = torch.cat(mirrored_pair(innermost(q).probs.detach(), 2))  # [2, N, ...]
    _, same = pair.unique(dim=1, return_inverse=True)
    weights = weights.to(p)[:, None]
    total = torch.zeros(same.max() + 1, ours.shape[1] + 1).to(ours)
    total.index_add_(0, same, torch.cat([weights * single, weights], 1))
    mean = total[:, :-1] / total[:, -1:]
    used = weights[:, 0] > 0
    assert torch.allclose(mean[same][used], ours[used], atol=1e-5)


@pytest.mark.parametrize("name", [*PROBLEMS, "categorical_vae"])
def test_less_variance_than_two_independent_samples(name):
    independent = by_outcomes(build("score_function_leave_one_out"), named(name), 2).variance
    # on these; not a theorem
    n = 24 if name == "categorical_vae" else len(independent)  # q's parameters only
    assert moments(DisARMCategorical(), named(name)).variance[:n].sum() < independent[:n].sum()


def test_two_categories_are_a_bit():
    a = torch.tensor([[0.7, -1.2], [-0.4, 0.3]])
    u = torch.rand(1, 500, 2)
    f = lambda z: (z @ torch.tensor([1.0, 3.0])).cos()  # noqa: E731
    bit = Problem("bits", (a[:, 0] - a[:, 1],), lambda d: (Independent(Bernoulli(logits=d), 1), f))
    make = lambda a: (Independent(Categorical(logits=a), 1), lambda z: f(1.0 - z))  # noqa: E731
    category = Problem("categories", (a,), make)
    with forced_rand(u):
        value, g = per_copy(DisARM(), bit, 2, 500)
    with forced_rand(u[..., None]):
        same_value, same = per_copy(DisARMCategorical(), category, 2, 500)
    assert torch.allclose(value, same_value, atol=1e-5)
    assert torch.allclose(torch.stack([g, -g], -1).flatten(1), same, atol=1e-5)


def test_one_sample_by_hand():
    # coins with probability 1/4, 1/3 and 1/2; z stops at the first, z̃ at the third
    a = torch.zeros(1, 4, requires_grad=True)
    with forced_rand(torch.tensor([[[0.2, 0.5, 0.4]]])):
        z, mirrored = mirrored_pair(a.detach().softmax(-1), 2)
    assert (z.item(), mirrored.item()) == (0, 3)
    with forced_rand(torch.tensor([[[0.2, 0.5, 0.4]]])):
        surrogate = DisARMCategorical()(Categorical(logits=a), lambda z: 2.0 * z, 2)
    surrogate.sum().backward()
    assert surrogate.item() == pytest.approx(3.0)
    # T = 3/4 (a₀ - rest) - (a₃ - rest), and ½ (f(0) - f(3)) = -3
    expected = [-3 * c for c in (3 / 4, 1 / 12, 1 / 12, 1 / 12 - 1)]
    assert a.grad[0].tolist() == pytest.approx(expected, rel=1e-5)


def test_values_shapes_and_one_call():
    for q, event in (
        (Categorical(logits=torch.randn(5, 3)), ()),
        (OneHotCategorical(logits=torch.randn(5, 3)), (3,)),
        (Independent(Categorical(logits=torch.randn(5, 4, 3)), 1), (4,)),
        (Independent(OneHotCategorical(logits=torch.randn(5, 4, 3)), 1), (4, 3)),
        (Independent(OneHotCategorical(logits=torch.randn(5, 2, 4, 3)), 2), (2, 4, 3)),
    ):
        calls = []

        def f(z, calls=calls):
            calls.append(z)
            return (z.double() ** 1.5).reshape(*z.shape[:2], -1).sum(-1)

        surrogate = DisARMCategorical()(q, f, 4)
        (z,) = calls
        assert z.shape == (4, 5, *event)
        assert z.dtype == q.sample().dtype
        assert torch.isfinite(q.log_prob(z)).all()
        assert torch.equal(surrogate, f(z).mean(0))


def test_both_samples_have_distribution_q():
    logits = torch.tensor([1.0, -0.5, 0.0, 0.3, -2.0])
    n = 200_000
    for z in mirrored_pair(logits.softmax(-1).expand(n, 5), 2):
        share = one_hot(z[0], 5).double().mean(0)
        p = logits.double().softmax(-1)
        assert ((share - p).abs() < 5 * (p * (1 - p) / n).sqrt()).all()


@pytest.mark.parametrize(
    "logits",
    [
        (40.0, 0.0, -40.0),
        (-40.0, 0.0, 40.0),
        (0.0, -torch.inf, 1.0),
        (0.0, 1.0, -torch.inf),
        (-torch.inf, -torch.inf, 0.0),
        (0.0, -torch.inf, -torch.inf),
        (200.0, -200.0, 0.0),
        (0.0,),
    ],
)
def test_extreme_logits(logits):
    a = torch.tensor([logits], requires_grad=True)
    surrogate = DisARMCategorical()(Categorical(logits=a), lambda z: 3.0 * z, 400)
    surrogate.sum().backward()
    assert torch.isfinite(surrogate).all()
    assert torch.isfinite(a.grad).all()
    assert a.grad[a == -torch.inf].abs().sum() == 0


def test_probabilities_that_are_zero():
    p = torch.tensor([[0.0, 0.5, 0.5, 0.0]], requires_grad=True)
    seen = []
    surrogate = DisARMCategorical()(Categorical(p), lambda z: (seen.append(z), 1.0 * z)[1], 1000)
    surrogate.sum().backward()
    assert seen[0].unique().tolist() == [1, 2]
    assert torch.isfinite(p.grad).all()


def test_what_cannot_be_served_is_refused():
    q = Categorical(logits=torch.zeros(2, 3))
    with pytest.raises(ValueError, match="come in pairs"):
        DisARMCategorical()(q, lambda z: 1.0 * z, 3)
    with pytest.raises(ValueError, match="needs a categorical"):
        DisARMCategorical()(Bernoulli(logits=torch.zeros(2)), lambda z: z, 2)
    with pytest.raises(ValueError, match="one value per sample and datapoint"):
        DisARMCategorical()(Independent(q, 1), lambda z: 1.0 * z, 2)


def test_without_gradients_and_without_a_batch_axis():
    a = torch.zeros(2, 3, requires_grad=True)
    q = Independent(Categorical(logits=a), 1)
    assert DisARMCategorical()(q, lambda z: z.sum(-1) * 1.0, 2).shape == ()
    with torch.no_grad():
        assert not DisARMCategorical()(q, lambda z: z.sum(-1) * 1.0, 2).requires_grad
