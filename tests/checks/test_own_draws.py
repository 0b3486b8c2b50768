"""An answer that draws numbers of its own is told so; any other is judged as it is."""

import pytest
import torch

from vilib.checks.mistake import Mistake
from vilib.checks.own_draws import expect_no_own_draws

TRUTH = torch.tensor([1.0, 2.0])


def test_the_value_of_a_right_answer_comes_back():
    given = TRUTH.clone().requires_grad_()
    yours = expect_no_own_draws("x", lambda x: 1 * x, [given], TRUTH)
    assert yours.requires_grad


def test_a_wrong_answer_is_named_as_before():
    with pytest.raises(Mistake, match="it is 0"):
        expect_no_own_draws("x", lambda x: 0 * x, [TRUTH], TRUTH, {"it is 0": 0 * TRUTH})


def test_nan_is_not_random():
    with pytest.raises(Mistake, match="NaN or infinity"):
        expect_no_own_draws("x", lambda x: x / 0 * 0, [TRUTH], TRUTH)


@pytest.mark.parametrize("size", [1, 2])
def test_random_values_are_called_random(size):
    with pytest.raises(Mistake, match="draws numbers of its own"):
        expect_no_own_draws("x", lambda _: torch.rand(size), [TRUTH], TRUTH)


def test_random_shapes_are_called_random():
    sizes = iter([1, 3])
    with pytest.raises(Mistake, match="draws numbers of its own"):
        expect_no_own_draws("x", lambda _: torch.ones(next(sizes)), [TRUTH], TRUTH)
