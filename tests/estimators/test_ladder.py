"""Every registered estimator climbs the same ladder of functions on every family it accepts."""

import pytest

from tests.estimators.measure import assert_unbiased, build, freeze, warm
from tests.estimators.problems import FAMILIES, RUNGS, ladder
from vilib.estimators import ALL

CASES = [
    (name, family, rung)
    for name in ALL
    for family in FAMILIES
    for rung in RUNGS
    if not (ALL[name].kind == "discrete" and family == "normal")
    and not (ALL[name].kind == "continuous" and family != "normal")
    and not (ALL[name].only and family in ("categorical", "one_hot", "normal"))
]
# f is linear in each variable given the others, so straight-through is right
EASY = {("straight_through_bernoulli", rung) for rung in ("constant", "linear")}
# E[f'(z)] = f(1) - f(0) for a quadratic at p = 1/2
EASY_AT_0 = {("straight_through_bernoulli", rung) for rung in ("quadratic", "weighted")}


@pytest.mark.parametrize(("name", "family", "rung"), CASES)
def test_ladder(name, family, rung):
    problem, samples = ladder(family, rung), ALL[name].min_samples
    estimator = warm(build(name), problem, samples)
    freeze(estimator)
    # what the registry calls biased by its scale is right once the scale is put back
    scale = getattr(getattr(estimator, "baseline", None), "scale", 1.0)
    right = ALL[name].only is None or (name, rung) in EASY
    if right or (family == "bernoulli_at_0" and (name, rung) in EASY_AT_0):
        assert_unbiased(estimator, problem, samples, float(scale))
    else:
        with pytest.raises(AssertionError, match="standard errors"):
            assert_unbiased(estimator, problem, samples)


def test_the_cases_cover_the_registry():
    assert {name for name, _, _ in CASES} == set(ALL)
    for name, family, _ in CASES:
        assert ALL[name].accepts(ladder(family, "linear").build(1)[0])
    covered = {(name, family) for name, family, _ in CASES}
    for name, entry in ALL.items():
        for family in FAMILIES:
            q = ladder(family, "linear").build(1)[0]
            assert entry.accepts(q) == ((name, family) in covered)
