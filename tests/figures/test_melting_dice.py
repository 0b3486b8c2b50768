"""The melting dice on a grid of states: exact limits, moments that add up, legible labels."""

import re
import time
from dataclasses import replace
from itertools import pairwise, product

import matplotlib
import numpy as np
import pytest
import torch
from torch.distributions import OneHotCategorical
from torch.nn.functional import logsigmoid

from tests.figures.layout import faults, texts
from vilib.estimators import GumbelSoftmax, GumbelStraightThrough
from vilib.figures.melting_cloud import CORNERS, near_a_face, places
from vilib.figures.melting_dice import KINDS, TEMPERATURES, describe, draw, roll
from vilib.figures.png import to_png
from vilib.widgets.melting_dice import MeltingDice, strip_states

LOGITS = torch.tensor([1.2, -0.3, -1.0], dtype=torch.double)
WEIGHTS = torch.tensor([3.0, -2.0, 0.5], dtype=torch.double)
GRID = list(product(range(0, len(TEMPERATURES), 2), KINDS, (1, 16, 256)))


def f(z):
    return logsigmoid(z @ WEIGHTS)


@pytest.fixture(scope="module")
def rolled():
    return roll(LOGITS, f, num_draws=2**14)


def at(state, temperature):
    return replace(state, step=TEMPERATURES.index(temperature))


def numbers(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.?\d*(?:e−?\d+)?", text)]


@pytest.mark.parametrize(("step", "kind", "num_samples"), GRID)
def test_picture_is_legible(rolled, step, kind, num_samples):
    state = replace(rolled, step=step, kind=kind, num_samples=num_samples)
    style = ("light", "dark")[step // 2 % 2]
    figure = draw(state, style)
    assert list(faults(figure)) == []
    written = " ".join(words for words, _ in texts(figure))
    assert f"τ = {state.temperature:.2f}" in written
    assert kind in written


@pytest.mark.parametrize(("step", "kind", "num_samples"), GRID)
def test_bias_and_variance_add_up_as_written(rolled, step, kind, num_samples):
    state = replace(rolled, step=step, kind=kind, num_samples=num_samples)
    text = describe(state)
    assert f"τ = {state.temperature:.2f}" in text
    bias, variance, error = (state.bias[step], state.spread[step], state.error[step])
    assert error == pytest.approx(bias + variance)
    said = numbers(text.split("error")[1])[0]
    assert said == pytest.approx(error, rel=0.06)
    assert ("not told from 0" in text) == (bias == 0)
    assert state.error.min() == pytest.approx(numbers(text)[-2], rel=0.06)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_moments_are_those_of_the_estimators(rolled, kind, temperature):
    """Other draws, by the package's estimators, give the same bias and variance."""
    estimator = {"soft": GumbelSoftmax, "straight-through": GumbelStraightThrough}[kind]
    p = LOGITS.softmax(-1)
    values = f(torch.eye(3).double())
    truth = p * (values - p @ values)
    torch.manual_seed(7)
    copies = LOGITS.expand(40_000, 3).clone().requires_grad_()
    surrogate = estimator(temperature)(OneHotCategorical(logits=copies), f)
    (g,) = torch.autograd.grad(surrogate.sum(), copies)
    size = truth.square().sum()
    state = replace(at(rolled, temperature), kind=kind)
    bias = (g.mean(0) - truth).square().sum() / size
    variance = g.var(0).sum() / size
    assert state.bias[state.step] == pytest.approx(bias.item(), rel=0.12)
    assert state.spread[state.step] == pytest.approx(variance.item(), rel=0.06)


def test_cold_rolls_lie_in_the_corners_and_hot_ones_in_the_middle(rolled):
    shares = [near_a_face(replace(rolled, step=step)) for step in range(len(TEMPERATURES))]
    assert shares[0] > 0.9
    assert shares[-1] < 0.01
    assert all(a >= b for a, b in pairwise(shares))
    winners = rolled.keys.argmax(1)
    for step in range(len(TEMPERATURES)):
        cloud = replace(rolled, step=step).cloud
        assert np.allclose(cloud.sum(1), 1)
        assert np.array_equal(cloud.argmax(1), winners), "the face of a roll does not change"
    frequency = np.bincount(winners, minlength=3) / len(winners)
    assert np.abs(frequency - rolled.probs).max() < 0.1


def test_corners_are_faces():
    assert np.allclose(places(np.eye(3)), CORNERS)


def test_more_rolls_want_a_lower_temperature(rolled):
    for kind in KINDS:
        best = [replace(rolled, kind=kind, num_samples=S).best for S in (1, 16, 256)]
        assert best[0] > best[1] >= best[2]


def test_bias_is_not_claimed_where_it_cannot_be_told(rolled):
    cold = replace(rolled, step=0)
    assert cold.bias[0] == 0
    assert "bias² not told from 0" in describe(cold)
    warm = at(rolled, 1.0)
    assert warm.bias[warm.step] > 0.1


def test_axes_stay_where_they_are(rolled):
    limits = {
        tuple((axes.get_xlim(), axes.get_ylim()) for axes in draw(state).axes)
        for state in (replace(rolled, step=s, kind=k, num_samples=n) for s, k, n in GRID[::5])
    }
    assert len(limits) == 1


def test_lines_differ_without_colour(rolled):
    curves = draw(rolled).axes[1].lines[:3]
    assert len({(line.get_linestyle(), line.get_marker()) for line in curves}) == 3


def test_drawing_leaves_no_trace(rolled):
    before, seed = dict(matplotlib.rcParams), torch.random.get_rng_state()
    assert to_png(draw(rolled)) == to_png(draw(rolled))
    roll(LOGITS, f, num_draws=50)
    assert dict(matplotlib.rcParams) == before
    assert torch.equal(torch.random.get_rng_state(), seed)
    assert np.array_equal(roll(LOGITS, f, 60).keys, roll(LOGITS, f, 60).keys)


def test_a_frame_is_drawn_quickly(rolled):
    spent = []
    for _ in range(6):
        start = time.process_time()
        to_png(draw(rolled))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.2


def test_what_is_no_die_is_refused(rolled):
    with pytest.raises(ValueError, match=r"three faces make a triangle, got .* \[2\]"):
        roll(LOGITS[:2], f)
    with pytest.raises(ValueError, match="f does not depend on the face"):
        roll(LOGITS, lambda z: 0 * z.sum(-1))
    with pytest.raises(ValueError, match="index of the 15 temperatures, got 15"):
        replace(rolled, step=15)
    with pytest.raises(ValueError, match="kind must be one of soft, straight-through"):
        replace(rolled, kind="hard")
    with pytest.raises(ValueError, match="at least one sample"):
        replace(rolled, num_samples=0)


def test_controls_move_the_state_and_the_text(rolled):
    widget = MeltingDice(rolled)
    said = {widget.panel.readout.value}
    for control, value in ((widget.step, 3), (widget.kind, KINDS[1]), (widget.samples, 64)):
        control.value = value
        said.add(widget.panel.readout.value)
        assert describe(widget.state) in widget.panel.readout.value
    assert len(said) == 4
    assert (widget.state.step, widget.state.kind, widget.state.num_samples) == (3, KINDS[1], 64)


def test_the_strip_is_cold_lukewarm_and_hot(rolled):
    temperatures = [state.temperature for state in strip_states(rolled)]
    assert temperatures == [0.1, 0.5, 3.0]
