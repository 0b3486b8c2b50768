"""Every exercise is tested by wrong answers, which must be named, and by right ones, which must pass."""

import pytest

from vicourse.answers.exercise import Answer, Exercise, answers, exercises, units
from vicourse.answers.verdict import first_failure, judge, verdict

ALL = [(unit, exercise) for unit in units() for exercise in exercises(unit)]
CASES = [
    pytest.param(exercise, answer, id=f"{unit}-{exercise.name}-{answer.path.stem}")
    for unit, exercise in ALL
    for answer in answers(unit, exercise.name)
]
IDS = [f"{unit}-{exercise.name}" for unit, exercise in ALL]
RESEEDED_RUNS = 5  # `make reseed` runs 1,000


@pytest.mark.parametrize(("exercise", "answer"), CASES)
def test_answer_gets_its_verdict(exercise: Exercise, answer: Answer):
    result = verdict(exercise, answer)
    assert not result.stderr, "whatever a test cell writes to standard error costs its points"
    if answer.wrong:
        assert not result.passed, "a wrong answer passed the visible test"
        assert result.named, f"the message does not name the mistake: {result.message}"
    else:
        assert result.passed, result.message


@pytest.mark.parametrize(("unit", "exercise"), ALL, ids=IDS)
def test_exercise_ships_enough_answers(unit: str, exercise: Exercise):
    shipped = answers(unit, exercise.name)
    assert sum(answer.wrong for answer in shipped) >= 3
    assert sum(not answer.wrong for answer in shipped) >= 2


@pytest.mark.parametrize(("unit", "exercise"), ALL, ids=IDS)
def test_right_answers_do_not_depend_on_luck(unit: str, exercise: Exercise):
    right = [answer.source for answer in answers(unit, exercise.name) if not answer.wrong]
    for source in [exercise.solution, *right]:
        assert first_failure(exercise, source, RESEEDED_RUNS) is None


def test_a_check_that_never_fails_is_found_out():
    exercise = Exercise("f", 1, "", "f()")
    assert judge(exercise.test, "def f(): return 1").passed


def test_a_refusal_that_names_nothing_is_found_out():
    source = "def f(): raise AssertionError('wrong')"
    result = judge("f()", source, phrase="wrong")
    assert not result.passed
    assert not result.named, "only a Mistake counts as a named refusal"


def test_a_lucky_right_answer_is_found_out():
    # the toy check refuses every seed from 1009 on, as a check that depends on luck would now and then
    test = "checks.agree(1, seed=1)"
    assert first_failure(Exercise("f", 1, "", test), "", runs=3) is not None
