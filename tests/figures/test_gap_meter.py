"""The gap meter on a grid of states: exact numbers, a bar that keeps its height, legible labels."""

import re
import time
from itertools import product

import matplotlib
import numpy as np
import pytest
import torch

from tests.figures.layout import faults, texts
from vilib.datasets import targets
from vilib.figures.gap_bar import RANGE
from vilib.figures.gap_meter import State, describe, draw, measure
from vilib.figures.gap_state import window
from vilib.figures.png import to_png

TARGETS = targets()
# shares of the window for the mean, and of its width for the scale
MEANS, SCALES = (0.0, 0.3, 0.55, 1.0), (1 / 200, 1 / 30, 1 / 10, 1 / 4)
GRID = list(product(TARGETS, MEANS, SCALES))


def state(name, mean, scale, direction="reverse"):
    low, high = window(TARGETS[name])
    return State(TARGETS[name], low + mean * (high - low), scale * (high - low), direction)


def numbers(text):
    found = re.findall(r"−?\d+\.\d+(?:e\d+)?", text)
    return [float(n.replace("−", "-")) for n in found]


def trapezoid_kls(s):
    """Both KLs by the trapezoid rule and the closed form of log p(x): no code of the figure's."""
    mean, scale = s.mean, s.scale

    def integral(z, from_log, to_log):
        return np.trapezoid(np.exp(from_log) * (from_log - to_log), z)

    def logs(z):
        log_q = -0.5 * ((z - mean) / scale) ** 2 - np.log(scale * np.sqrt(2 * np.pi))
        return s.target.log_posterior(torch.from_numpy(z)).numpy(), log_q

    near_q = np.linspace(mean - 12 * scale, mean + 12 * scale, 40_001)
    near_p = np.linspace(s.target.low, s.target.high, 40_001)
    (p_at_q, q_at_q), (p_at_p, q_at_p) = logs(near_q), logs(near_p)
    return integral(near_q, q_at_q, p_at_q), integral(near_p, p_at_p, q_at_p)


@pytest.mark.parametrize(("name", "mean", "scale"), GRID)
def test_numbers_are_exact(name, mean, scale):
    s = state(name, mean, scale)
    gap = measure(s)
    reverse, forward = trapezoid_kls(s)
    evidence = s.target.log_evidence
    assert gap.log_evidence == pytest.approx(evidence, abs=1e-8)
    assert gap.elbo + gap.reverse_kl == pytest.approx(evidence, abs=1e-8)
    assert gap.reverse_kl == pytest.approx(reverse, rel=1e-8, abs=1e-8)
    assert gap.forward_kl == pytest.approx(forward, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(("name", "mean", "scale"), GRID)
def test_read_out_adds_up_and_is_exact_to_its_digits(name, mean, scale):
    s = state(name, mean, scale, "forward")
    reverse, forward = trapezoid_kls(s)
    elbo, kl, evidence, at, wide, other = numbers(describe(s))
    assert elbo + kl == pytest.approx(evidence, abs=1e-9)
    assert kl == pytest.approx(reverse, abs=0.0051)
    assert elbo == pytest.approx(s.target.log_evidence - reverse, abs=0.0101)
    assert (at, wide) == pytest.approx((s.mean, s.scale), abs=0.0051)
    # from 10,000 on two digits are written
    assert other == pytest.approx(forward, abs=0.0051 if forward < 1e4 else 0.051 * forward)


@pytest.mark.parametrize(("name", "mean", "scale"), GRID)
def test_picture_is_legible_and_the_bar_keeps_its_height(name, mean, scale):
    turn = (MEANS.index(mean) + SCALES.index(scale)) % 2
    s = state(name, mean, scale, ("reverse", "forward")[turn])
    figure = draw(s, ("light", "dark")[turn])
    assert list(faults(figure)) == []
    parts = {p.get_gid(): p for axes in figure.axes for p in axes.patches if p.get_gid()}
    low = s.target.log_evidence - RANGE
    elbo, kl = parts["elbo"], parts["kl"]
    assert elbo.get_y() == pytest.approx(low, abs=1e-8)
    assert elbo.get_height() + kl.get_height() == pytest.approx(RANGE, abs=1e-8)
    assert kl.get_y() == pytest.approx(max(measure(s).elbo, low), abs=1e-8)
    ceiling = next(line for axes in figure.axes for line in axes.lines if line.get_gid())
    # in pixels: the same height on the screen whatever q is
    height = ceiling.get_transform().transform(ceiling.get_xydata())[0, 1]
    assert height == pytest.approx(400 * (0.125 + 0.745 * RANGE / (RANGE + 0.5)), abs=0.01)


def test_picture_and_read_out_give_the_same_numbers():
    s = state("bimodal", 0.3, 1 / 10)
    written = " ".join(words for words, _ in texts(draw(s)))
    for value in numbers(describe(s))[:3]:
        assert f"{value:.2f}".replace("-", "−") in written


def test_an_elbo_below_the_scale_is_said():
    s = state("conjugate", 1.0, 1 / 200)
    assert measure(s).reverse_kl > RANGE
    assert any("below the scale" in words for words, _ in texts(draw(s)))
    near = state("conjugate", 0.5, 1 / 10)
    assert not any("below the scale" in words for words, _ in texts(draw(near)))


def test_reverse_and_forward_take_their_own_kl_apart():
    for direction in ("reverse", "forward"):
        s = state("bimodal", 0.3, 1 / 10, direction)
        gap = measure(s)
        value = gap.reverse_kl if direction == "reverse" else gap.forward_kl
        titles = [words for words, _ in texts(draw(s)) if "signed area" in words]
        assert len(titles) == 1
        assert titles[0].startswith(direction)
        assert numbers(titles[0])[0] == pytest.approx(value, abs=0.0051)


def test_drawing_leaves_no_trace():
    s = state("skewed", 0.5, 1 / 10)
    before, seed = dict(matplotlib.rcParams), torch.random.get_rng_state()
    one, other = to_png(draw(s)), to_png(draw(s))
    assert one == other
    assert dict(matplotlib.rcParams) == before
    assert torch.equal(torch.random.get_rng_state(), seed)
    assert "pyplot" not in draw.__globals__


def test_drawing_is_quick():
    s = state("bimodal", 0.3, 1 / 10)
    spent = []
    for _ in range(6):
        start = time.process_time()
        to_png(draw(s))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.15


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_a_scale_that_is_none_is_refused(scale):
    with pytest.raises(ValueError, match="scale must be positive"):
        State(TARGETS["conjugate"], 0.0, scale)


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="'reverse' or 'forward', got 'sideways'"):
        State(TARGETS["conjugate"], direction="sideways")
