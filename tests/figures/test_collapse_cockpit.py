"""The cockpit on a grid of states: what is drawn is what was measured, and it can be read."""

import re
import time
from dataclasses import replace
from itertools import product

import matplotlib
import numpy as np
import pytest

from tests.figures.layout import faults, texts
from vilib.figures.cockpit_panels import limits
from vilib.figures.cockpit_state import State, state_of
from vilib.figures.collapse_cockpit import describe, draw
from vilib.figures.png import to_png

ENTROPY, CONTROL, UNITS = 16.58, 17.04, 16


def run(N, rate, level, name="plain"):
    """A made-up run of N measurements: the rate rises to `rate`, −ELBO falls to `level`."""
    share = np.linspace(1 / N, 1, N)
    return State(
        name=name,
        steps=25 * np.arange(1, N + 1),
        betas=np.minimum(1, 2 * share),
        rates=rate * share,
        nelbos=level + 22 * (1 - share),
        active=np.round(UNITS * share * (rate > 0)),
        num_units=UNITS,
        entropy=ENTROPY,
        control=CONTROL,
        shown=N,
    )


LONG = "12 · β 0.3 to 0 over .5, 4 times, 5 free nats, rate at least 5, 50% of words dropped, skip"
RATES, LEVELS = (0.0, 0.05, 5.0, 30.0), (16.6, 20.7, 45.0)
RUNS = [
    run(N, rate, max(level, rate), LONG if rate == 5 else "plain")
    for N, rate, level in product((1, 30), RATES, LEVELS)
]
GRID = [replace(state, shown=shown) for state in RUNS for shown in {1, len(state.steps)}]


def numbers(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.\d+", text)]


def named(figure, gid):
    return next(a for axes in figure.axes for a in axes.get_children() if a.get_gid() == gid)


@pytest.mark.parametrize("state", GRID)
def test_read_out_adds_up_and_everything_is_legible(state):
    text = describe(state)
    words = text.removeprefix(state.name)
    distortion, rate, nelbo, above, entropy, control, beta = numbers(words)
    assert distortion + rate == pytest.approx(nelbo, abs=1e-9)
    assert nelbo - entropy == pytest.approx(above, abs=1e-9)
    assert rate == pytest.approx(state.rates[state.now], abs=0.0051)
    assert nelbo == pytest.approx(state.nelbos[state.now], abs=0.0051)
    assert (entropy, control) == (ENTROPY, CONTROL)
    assert beta == pytest.approx(state.betas[state.now], abs=0.0051)
    assert f"Active units: {state.active[state.now]:.0f} of {UNITS}." in text
    assert f"step {state.steps[state.now]} of {state.steps[-1]}" in text
    figure = draw(state, ("light", "dark")[state.shown % 2])
    assert list(faults(figure)) == []
    written = " ".join(words for words, _ in texts(figure))
    for value in (distortion, rate, nelbo, entropy, control):
        assert f"{value:.2f}".replace("-", "−") in written


@pytest.mark.parametrize("state", GRID[::3])
def test_levels_areas_and_bars_are_where_they_are_said_to_be(state):
    figure, (low, high) = draw(state), limits(state)
    for gid, level in (("entropy", ENTROPY), ("control", CONTROL)):
        assert list(named(figure, gid).get_ydata()) == 2 * [level]
    corners = named(figure, "distortion").get_paths()[0].vertices[:, 1]
    assert corners.min() == low
    top = np.clip(state.distortions[: state.shown], low, high)
    assert set(np.round(top, 9)) <= set(np.round(corners, 9))
    edge = named(figure, "rate").get_paths()[0].vertices[:, 1]
    assert edge.max() == pytest.approx(np.clip(state.nelbos[: state.shown], low, high).max())
    bars = [p for axes in figure.axes for p in axes.patches if p.get_gid() == "active"]
    assert [bar.get_height() for bar in bars] == list(state.active[: state.shown])
    assert list(named(figure, "beta").get_ydata()) == list(state.betas[: state.shown])
    bill = named(figure, "bill rate")
    assert bill.get_y() + bill.get_height() == pytest.approx(
        min(max(state.rounded()[2], low), high)
    )


def test_the_scale_does_not_move_while_a_run_is_wound():
    state = run(30, 5.0, 20.7)
    scales = [draw(replace(state, shown=shown)).axes[0].get_ylim() for shown in (1, 12, 30)]
    assert len(set(scales)) == 1


def test_without_an_entropy_the_control_is_the_level():
    state = replace(run(4, 0.5, 91.0), entropy=float("nan"), control=90.9)
    figure = draw(state)
    assert list(faults(figure)) == []
    assert "entropy" not in describe(state)
    assert not [a for axes in figure.axes for a in axes.lines if a.get_gid() == "entropy"]


def test_bad_states_are_refused_by_name():
    with pytest.raises(ValueError, match="4 entries"):
        replace(run(4, 1, 17), rates=np.zeros(3))
    with pytest.raises(ValueError, match="between 1 and 4"):
        replace(run(4, 1, 17), shown=5)
    row = {"beta": 1.0, "dev_rate": 0.1, "dev_nelbo": 17.0, "active": 1.0}
    assert state_of("plain", [row] * 3, 25, 16, 16.6, 16.9).shown == 3


def test_two_drawings_are_the_same_bytes_and_settings_are_left_alone():
    before = dict(matplotlib.rcParams)
    state = run(30, 5.0, 20.7)
    assert to_png(draw(state)) == to_png(draw(state))
    assert dict(matplotlib.rcParams) == before


def test_a_redraw_is_quick():
    state = run(30, 5.0, 20.7)
    to_png(draw(state))
    start = time.process_time()
    for _ in range(3):
        to_png(draw(state))
    assert (time.process_time() - start) / 3 < 0.6


def test_the_bill_stands_on_the_level_and_scale_of_the_costs():
    cost, *_, bill, use = draw(run(30, 5.0, 20.7)).axes
    assert bill.get_ylim() == cost.get_ylim()
    assert (bill.get_position().y0, bill.get_position().y1) == pytest.approx(
        (cost.get_position().y0, cost.get_position().y1)
    )
    assert [text.get_text() for text in use.texts] == ["16 of 16 units active", "β = 1.00"]
