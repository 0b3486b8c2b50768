"""Every wrong estimator must fail the tests that the right ones pass."""

import pytest

from tests.estimators.canaries import CANARIES
from tests.estimators.measure import assert_exactly_unbiased, assert_unbiased, build
from tests.estimators.problems import ladder, vae
from vilib.estimators import ALL


def problem_of(name):
    return vae() if name == "vae" else ladder(*name.split("-"))


@pytest.mark.parametrize("name", [n for n, row in CANARIES.items() if row[3]])
def test_sampling_catches(name):
    make, problem, samples, _ = CANARIES[name]
    with pytest.raises(AssertionError, match="standard errors"):
        assert_unbiased(make(), problem_of(problem), samples)


@pytest.mark.parametrize("name", [n for n in CANARIES if n != "antithetic without sign"])
def test_outcomes_catch(name):
    make, problem, samples, _ = CANARIES[name]
    with pytest.raises(AssertionError, match="off by"):
        assert_exactly_unbiased(make(), problem_of(problem), samples)


@pytest.mark.parametrize("name", CANARIES)
def test_the_same_tests_pass_a_right_estimator(name):
    _, problem, samples, _ = CANARIES[name]
    right = "score_function_second_sample" if samples == 1 else "score_function_leave_one_out"
    assert_unbiased(build(right), problem_of(problem), samples)
    assert_exactly_unbiased(build(right), problem_of(problem), samples)


def test_every_biased_entry_says_why():
    assert all(bool(entry.note) != entry.unbiased for entry in ALL.values())
