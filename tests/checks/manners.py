"""What every check owes its caller, whatever it judges: a class for each unit to inherit from."""

import inspect
import time
from collections.abc import Callable, Mapping
from typing import ClassVar

import pytest
import torch

from vilib import checks

NONSENSE = {
    "None": None,
    "text": "0.5",
    "shape": torch.zeros(7, 7, 7),
    "NaN": torch.tensor(float("nan")),
    "three": (1.0, 2.0, 3.0),
}


class Manners:
    """Name it `TestManners`, and give it the right answers.

    Attributes:
        RIGHT: Name of a check → the functions that it judges, all of them right.
    """

    RIGHT: ClassVar[Mapping[str, tuple[Callable, ...]]]

    def pytest_generate_tests(self, metafunc):
        if "right" in metafunc.fixturenames:
            cases = [(getattr(checks, name), right) for name, right in self.RIGHT.items()]
            metafunc.parametrize(("check", "right"), cases, ids=self.RIGHT)

    def test_it_says_what_it_saw_and_leaves_the_random_state_alone(self, check, right, capfd):
        torch.manual_seed(3)
        before = torch.get_rng_state()
        check(*right, seed=5)
        out, err = capfd.readouterr()
        assert out.startswith("✓ "), "a test cell without output gets full marks"
        assert not err
        assert torch.equal(before, torch.get_rng_state())

    def test_the_seed_is_the_callers(self, check, right):
        parameter = inspect.signature(check).parameters["seed"]
        assert parameter.default is inspect.Parameter.empty
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY

    @pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
    def test_nonsense_is_refused_in_words(self, check, right, nonsense):
        def nonsensical(*_):
            return nonsense

        for first in range(len(right)):
            with pytest.raises(checks.Mistake):
                check(*right[:first], *[nonsensical] * (len(right) - first), seed=1)

    def test_nan_in_the_right_shape_is_refused(self, check, right):
        with pytest.raises(checks.Mistake):
            check(*(broken(function, lambda x: x * torch.nan) for function in right), seed=1)

    def test_an_answer_that_scribbles_on_its_inputs_is_told_so(self, check, right):
        for place in range(len(right)):
            given = []
            check(*replaced(right, place, lambda f, given=given: listening(f, given)), seed=1)
            scribbled = replaced(right, place, scribbling)
            if any(map(can_be_spoilt, given)):
                with pytest.raises(checks.Mistake, match="changed in place"):
                    check(*scribbled, seed=1)
            else:
                check(*scribbled, seed=1)

    def test_it_is_quick(self, check, right):
        check(*right, seed=1)  # the first call pays for torch's own start
        spent = []
        for seed in (2, 3, 4):
            started = time.process_time()
            check(*right, seed=seed)
            spent.append(time.process_time() - started)
        assert min(spent) < 0.3

    def test_right_answers_pass_under_many_seeds(self, check, right):
        for seed in range(20, 40):
            check(*right, seed=seed)


def replaced(functions: tuple[Callable, ...], place: int, change: Callable) -> tuple:
    """The functions, one of them changed."""
    return (*functions[:place], change(functions[place]), *functions[place + 1 :])


def broken(function: Callable, change: Callable) -> Callable:
    """The function, with everything that it returns changed."""

    def returned(*inputs):
        value = function(*inputs)
        return tuple(map(change, value)) if isinstance(value, tuple) else change(value)

    return returned


def can_be_spoilt(x: object) -> bool:
    """Whether a learner could write into it: torch itself guards what learns or is expanded."""
    plain = isinstance(x, torch.Tensor) and x.is_floating_point() and not x.requires_grad
    return plain and 0 not in x.stride()


def listening(function: Callable, given: list) -> Callable:
    """The same function, which notes what it is given."""

    def heard(*inputs):
        given.extend(inputs)
        return function(*inputs)

    return heard


def scribbling(function: Callable) -> Callable:
    """A right answer that then spoils what it was given."""

    def spoiling(*inputs):
        answer = function(*(x.clone() if isinstance(x, torch.Tensor) else x for x in inputs))
        for x in filter(can_be_spoilt, inputs):
            x.mul_(0).add_(7)
        return answer

    return spoiling
