"""A Bernoulli VAE: gradients of the decoder and of q, by sampling."""

import pytest

from tests.estimators.measure import assert_unbiased, build, warm
from tests.estimators.problems import vae
from vilib.estimators import ALL

UNBIASED = [n for n, e in ALL.items() if e.unbiased and e.kind != "continuous"]


@pytest.mark.parametrize("name", UNBIASED)
def test_sampled_gradient_is_exact(name):
    samples = max(2, ALL[name].min_samples)
    assert_unbiased(warm(build(name), vae(), samples), vae(), samples)


def test_more_samples():
    assert_unbiased(build("score_function_leave_one_out"), vae(), 5)


def test_straight_through_is_caught():
    with pytest.raises(AssertionError, match="standard errors"):
        assert_unbiased(build("straight_through_bernoulli"), vae(), 2)
