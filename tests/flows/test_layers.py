"""Every layer: log-determinants against autograd's Jacobian, inverses, no folds."""

import pytest

from tests.flows.assertions import assert_invertible, assert_log_det, assert_never_folds
from tests.flows.layers import CASES, build, points


@pytest.mark.parametrize(("name", "D"), CASES)
def test_log_det_is_that_of_the_jacobian(name, D):
    assert_log_det(build(name, D), points(D))


@pytest.mark.parametrize(("name", "D"), CASES)
def test_never_folds(name, D):
    assert_never_folds(build(name, D), points(D))


@pytest.mark.parametrize(("name", "D"), CASES)
def test_inverse(name, D):
    assert_invertible(build(name, D), points(D))
