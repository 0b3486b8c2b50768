"""The EM staircase on a grid of states: exact numbers, touching bounds, legible labels."""

import re
import time
from itertools import pairwise, product

import matplotlib
import numpy as np
import pytest
import torch

from tests.figures.layout import faults, texts
from vilib.figures.em_problem import Waits, problems
from vilib.figures.em_staircase import State, climb, describe, draw
from vilib.figures.em_state import LAST, bound_at, evidence_at
from vilib.figures.png import to_png
from vilib.widgets import em_staircase as shell
from vilib.widgets.em_staircase import EMStaircase, beginning, strip_states

PROBLEMS = problems()
PLACES, COUNTS, SHARES = (0.0, 0.3, 0.5, 0.75, 1.0), (0, 1, 2, 5, LAST), (1.0, 0.5)
GRID = list(product(PROBLEMS, PLACES, COUNTS, SHARES))
# drawing takes a while; every third state holds each problem, place, count and share
PICTURES = GRID[::3]


def state(name, place, count=0, share=1.0):
    problem = PROBLEMS[name]
    return State(problem, problem.low + place * (problem.high - problem.low), count, share)


def numbers(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.\d+", text)]


def by_hand(problem, theta):
    """log p(x, z | θ) without torch, `[B, 2]`: no code of the figure's."""
    if isinstance(problem, Waits):
        x = np.array(problem.waits)
        means = np.array([theta, problem.OTHER_MEAN])
        density = np.exp(-0.5 * ((x[:, None] - means) / problem.SPREAD) ** 2)
        return np.log(np.array(problem.SHARE) * density / (problem.SPREAD * np.sqrt(2 * np.pi)))
    films = np.array([4, 1, 3, 5, 0, 4, 2, 1, 4, 5, 3, 1])
    p = np.stack([theta**films * (1 - theta) ** (5 - films)] * 2, -1)
    p[:, 1] = (1 - theta) ** films * theta ** (5 - films)
    return np.log(p * np.array([problem.busier, 1 - problem.busier]))


@pytest.mark.parametrize(("name", "place", "count", "share"), GRID)
def test_numbers_are_exact(name, place, count, share):
    step = climb(state(name, place, count, share))[-1]
    table, q = by_hand(PROBLEMS[name], step.theta), step.q.numpy()
    evidence = np.log(np.exp(table).sum(-1)).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        elbo = np.where(q > 0, q * (table - np.log(q)), 0.0).sum()
    assert step.log_evidence == pytest.approx(evidence, rel=1e-9)
    assert step.elbo == pytest.approx(elbo, rel=1e-9)
    assert step.elbo + step.kl == pytest.approx(step.log_evidence, abs=1e-8)


@pytest.mark.parametrize(("name", "place", "share"), list(product(PROBLEMS, PLACES, SHARES)))
def test_the_elbo_never_falls_and_full_e_steps_touch(name, place, share):
    steps = climb(state(name, place, LAST, share))
    assert [s.kind for s in steps] == ["start", *"EM" * (LAST // 2)]
    for before, after in pairwise(steps):
        # an end of the interval may stop an M-step; then nothing moves
        assert after.elbo >= before.elbo - 1e-9
        if share == 1.0 and after.kind == "E":
            assert after.kl == pytest.approx(0, abs=1e-9)
        if share == 1.0:
            assert after.log_evidence >= before.log_evidence - 1e-9


@pytest.mark.parametrize("name", PROBLEMS)
def test_an_m_step_ends_on_top_of_its_bound(name):
    problem = PROBLEMS[name]
    theta = torch.linspace(problem.low, problem.high, 4001, dtype=torch.double)
    for step in climb(state(name, 0.3, 6))[2::2]:
        curve = bound_at(problem, step.q, theta)
        best = float(theta[curve.argmax()])
        assert step.theta == pytest.approx(best, abs=float(theta[1] - theta[0]))
        assert bool((curve <= evidence_at(problem, theta) + 1e-9).all()), "a bound"


def test_what_the_lesson_says_of_the_starts():
    equal, busy = "two reviewers", "two reviewers, one busier"

    def end(name, theta):
        return climb(State(PROBLEMS[name], theta, LAST))[-1]

    assert end(equal, 0.45).theta == pytest.approx(1 - end(equal, 0.55).theta, abs=1e-6)
    assert end(equal, 0.45).log_evidence == pytest.approx(end(equal, 0.55).log_evidence, abs=1e-6)
    assert end(equal, 0.5).theta == pytest.approx(0.5)
    assert end(equal, 0.5).log_evidence < end(equal, 0.55).log_evidence - 3
    assert end(busy, 0.3).log_evidence < end(busy, 0.7).log_evidence - 1
    slow = climb(State(PROBLEMS["Old Faithful"], 84.0, LAST))
    assert abs(slow[2].theta - slow[0].theta) < 4
    assert slow[-1].theta == pytest.approx(54.6, abs=0.05)
    assert any("log p(x) fell" in describe(state(equal, 0.75, n, 0.5)) for n in range(LAST))


@pytest.mark.parametrize(("name", "place", "count", "share"), GRID)
def test_read_out_adds_up_and_is_exact_to_its_digits(name, place, count, share):
    s = state(name, place, count, share)
    step, text = climb(s)[-1], describe(s)
    elbo, kl, evidence = numbers(text)[:3]
    assert elbo + kl == pytest.approx(evidence, abs=1e-9)
    assert kl == pytest.approx(step.kl, abs=0.0051)
    assert evidence == pytest.approx(step.log_evidence, abs=0.0051)
    assert f"{step.theta:.3f}" in text
    assert ("does not touch" in text) == (step.kind == "E" and step.kl >= 0.005)


@pytest.mark.parametrize(("name", "place", "count", "share"), PICTURES)
def test_picture_is_legible_and_says_the_same(name, place, count, share):
    s = state(name, place, count, share)
    figure = draw(s, ("light", "dark")[count % 2])
    assert list(faults(figure)) == []
    written = " ".join(words for words, _ in texts(figure))
    for value in numbers(describe(s))[:3]:
        assert f"{value:.2f}".replace("-", "−") in written


def test_columns_are_cut_at_the_elbo():
    s = state("two reviewers", 0.6, 4)
    patches = [p for axes in draw(s).axes for p in axes.patches if p.get_gid() == "kl"]
    # the first belongs to the curves; then one a half-step
    steps = climb(s)
    assert len(patches) == 1 + len(steps)
    for patch, step in zip(patches[2:], steps[1:]):
        assert patch.get_height() == pytest.approx(step.kl, abs=1e-9)
        assert patch.get_y() == pytest.approx(step.elbo, abs=1e-9)


def test_drawing_leaves_no_trace_and_is_quick():
    s = state("two reviewers", 0.6, 4)
    before, seed = dict(matplotlib.rcParams), torch.random.get_rng_state()
    assert to_png(draw(s)) == to_png(draw(s))
    assert dict(matplotlib.rcParams) == before
    assert torch.equal(torch.random.get_rng_state(), seed)
    spent = []
    for _ in range(6):
        start = time.process_time()
        to_png(draw(s))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.2


@pytest.mark.parametrize(
    ("changes", "words"),
    [((0.99, 0, 1.0), "start"), ((0.5, LAST + 1, 1.0), "count"), ((0.5, 0, 0.0), "share")],
)
def test_what_no_control_can_give_is_refused(changes, words):
    with pytest.raises(ValueError, match=f"{words} must lie"):
        State(PROBLEMS["two reviewers"], *changes)


@pytest.fixture
def widget():
    menu = list(PROBLEMS.values())
    return EMStaircase(beginning(menu[0]), menu)


def said(widget):
    return re.sub("<[^>]*>", "", widget.panel.readout.value)


def test_controls_move_picture_text_and_alternative_text(widget):
    seen = {said(widget)}
    for _ in range(3):
        widget.next.click()
        assert said(widget) == describe(widget.state)
        assert said(widget) in widget.panel.picture.value
        seen.add(said(widget))
    assert len(seen) == 4
    assert widget.state.count == widget.count.value == 3
    widget.share.value = 0.5
    assert "50%" in said(widget)
    widget.start.value = 0.75
    assert (widget.state.count, widget.count.value) == (0, 0)
    assert widget.state.start == pytest.approx(0.75, abs=0.01)
    widget.count.value = LAST
    widget.next.click()
    assert widget.state.count == LAST


def test_another_problem_brings_its_own_slider(widget):
    widget.next.click()
    old = widget.start
    widget.problem.value = "Old Faithful"
    assert widget.state.problem.name == "Old Faithful"
    assert widget.state.count == widget.count.value == 0
    assert (widget.start.min, widget.start.max) == (42.0, 98.0)
    state = widget.state
    old.value = 0.9
    assert widget.state == state, "a slider that is gone is not heard"


def test_the_slider_reaches_one_half_exactly(widget):
    step, low = widget.start.step, widget.start.min
    assert (0.5 - low) / step == pytest.approx(round((0.5 - low) / step), abs=1e-9)


def test_a_strip_shows_the_touch_the_jump_and_the_end(capsys):
    states = strip_states(beginning(PROBLEMS["two reviewers"]))
    assert [climb(s)[-1].kind for s in states] == ["E", "M", "M"]
    shell.explore(PROBLEMS["two reviewers"], start=0.7, share=0.5)
    assert len(capsys.readouterr().out.splitlines()) == 3
    with pytest.raises(ValueError, match="start must lie"):
        shell.explore(start=2.0)
