"""Every registered estimator climbs the same ladder of functions on every family it accepts."""

import pytest

from tests.estimators.measure import assert_unbiased, build, freeze, warm
from tests.estimators.problems import FAMILIES, RUNGS, ladder
from vilib.estimators import ALL

CONTINUOUS = {"normal"}
BITS = {"bernoulli", "bernoulli_at_0", "pair", "four"}
ONE_HOT = {"one_hot", "one_hot_pair"}
DISCRETE = BITS | ONE_HOT | {"categorical"}
KINDS = {"continuous": CONTINUOUS, "discrete": DISCRETE, "both": CONTINUOUS | DISCRETE}
# the families of those that do not accept all of their kind
ONLY = {
    "arm": BITS,
    "disarm": BITS,
    "disarm_categorical": ONE_HOT | {"categorical"},
    "straight_through_bernoulli": BITS,
    "straight_through_categorical": ONE_HOT,
} | dict.fromkeys(
    ("gumbel_softmax", "gumbel_straight_through", "rebar", "rebar_trained", "relax"), BITS | ONE_HOT
)


def problem_of(name, family, rung):
    """The problem whose exact gradient the estimator claims to estimate."""
    return ladder(family, rung, weights=ALL[name].bound == "iwae")


CASES = [
    (name, family, rung)
    for name, entry in ALL.items()
    for family in FAMILIES
    for rung in RUNGS
    if entry.accepts(ladder(family, "linear").build(1)[0])
]
# f is linear in each variable given the others, so straight-through is right
EASY = {("straight_through_bernoulli", "linear"), ("straight_through_categorical", "linear")}
# the slope of E[σ((a + ε)/τ)] in a happens to be within .4 % of p (1 - p) at a = -1.5, τ = .5
EASY |= {("gumbel_softmax", "bernoulli-linear"), ("gumbel_straight_through", "bernoulli-linear")}
# E[f'(z)] = f(1) - f(0) for a quadratic at p = 1/2
EASY_AT_0 = {("straight_through_bernoulli", rung) for rung in ("quadratic", "weighted")}


def is_right(name, family, rung):
    """Whether the estimator, biased or not, is right on this problem."""
    return (
        ALL[name].unbiased
        or rung == "constant"
        or (name, rung) in EASY
        or (name, f"{family}-{rung}") in EASY
        or (family == "bernoulli_at_0" and (name, rung) in EASY_AT_0)
    )


@pytest.mark.parametrize(("name", "family", "rung"), CASES)
def test_ladder(name, family, rung):
    problem, entry = problem_of(name, family, rung), ALL[name]
    samples = entry.min_samples
    estimator = warm(build(name), problem, samples)
    freeze(estimator)
    # what the registry calls biased by its scale is right once the scale is put back
    scale = getattr(getattr(estimator, "baseline", None), "scale", None)
    if is_right(name, family, rung) or scale is not None:
        assert_unbiased(estimator, problem, samples, float(scale or 1.0), entry.bound)
    else:
        with pytest.raises(AssertionError, match="standard errors"):
            assert_unbiased(estimator, problem, samples, bound=entry.bound)


def test_every_estimator_climbs_on_every_family_of_its_kind():
    climbed = {name: {family for n, family, _ in CASES if n == name} for name in ALL}
    assert climbed == {name: ONLY.get(name, KINDS[ALL[name].kind]) for name in ALL}
