"""VAEs small enough to enumerate: gradients of the decoder and of q, by sampling."""

import pytest

from tests.estimators.measure import assert_unbiased, build, freeze, warm
from tests.estimators.problems import VAES
from vilib.estimators import ALL

CASES = [
    (name, vae)
    for name, entry in ALL.items()
    for vae, make in VAES.items()
    if entry.accepts(make().build(1)[0])
]


@pytest.mark.parametrize(("name", "vae"), [c for c in CASES if ALL[c[0]].unbiased])
def test_sampled_gradient_is_exact(name, vae):
    problem, samples = VAES[vae](), max(2, ALL[name].min_samples)
    estimator = warm(build(name), problem, samples)
    freeze(estimator)
    assert_unbiased(estimator, problem, samples, bound=ALL[name].bound)


# a standardised reward keeps its length where its standard deviation is below 1, as here
SCALED = "score_function_running_standardise"
BIASED = [c for c in CASES if not ALL[c[0]].unbiased and c[0] != SCALED]


@pytest.mark.parametrize(("name", "vae"), BIASED)
def test_bias_is_seen(name, vae):
    problem, samples = VAES[vae](), 2
    estimator = warm(build(name), problem, samples)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_unbiased(estimator, problem, samples, bound=ALL[name].bound)


@pytest.mark.parametrize("name", ["score_function_leave_one_out", "vimco", "disarm"])
def test_more_samples(name):
    samples = 6 if name == "disarm" else 5
    assert_unbiased(build(name), VAES["vae"](), samples, bound=ALL[name].bound)
