"""Every exercise meets wrong answers, which must be named, and right ones, which must pass."""

import pytest

from vicourse.answers.exercise import Answer, Exercise, answers, exercises, units
from vicourse.answers.verdict import first_failure, judge, verdict
from vilib import checks

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


def test_a_check_that_depends_on_luck_is_found_out(monkeypatch: pytest.MonkeyPatch):
    def lucky(answer, *, seed: int) -> None:
        if seed % 1009 == 0 and seed > 0:
            raise checks.Mistake("the answer", "bad luck")

    monkeypatch.setattr(checks, "lucky", lucky, raising=False)
    exercise = Exercise("f", 1, "", "checks.lucky(f, seed=0)")
    run, result = first_failure(exercise, "def f(): pass", runs=3)
    assert run == 1
    assert "bad luck" in result.message
