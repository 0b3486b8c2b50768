"""The layer scrubber on a grid of states: exact numbers, legible labels, shades in order."""

import re
import time
from itertools import product

import numpy as np
import pytest
import torch
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb

from tests.figures.layout import faults, texts
from tests.figures.test_style import lightness, linear
from vilib.datasets.energies import energies
from vilib.figures.layer_scrubber import describe, draw
from vilib.figures.png import to_png
from vilib.figures.scrubber_panels import shades
from vilib.figures.scrubber_state import RING, State, walk
from vilib.figures.style import palette
from vilib.flows import CouplingStack, PlanarStack
from vilib.models.bent_gaussian import BentGaussian
from vilib.widgets import layer_scrubber
from vilib.widgets.layer_scrubber import LayerScrubber, strip_states

TARGETS = energies()


def flow(make, seed=3):
    torch.manual_seed(seed)
    return BentGaussian(2, make() if make else None)


def far(stack):
    """Layers that push hard, as trained ones do."""
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.mul_(3.0)
    return stack


WALKS = {
    "bell": walk("bell", flow(None), TARGETS["u1"]),
    "planar": walk("u4, planar 8", flow(lambda: PlanarStack.learnable(2, length=8)), TARGETS["u4"]),
    "coupling": walk("u1, coupling 3", flow(lambda: CouplingStack(2, 3, (8,))), TARGETS["u1"]),
    "far": walk(
        "ring, planar 32",
        flow(lambda: far(PlanarStack.learnable(2, length=32))),
        TARGETS["ring"],
    ),
}
GRID = [
    State(found, layer)
    for found in WALKS.values()
    for layer in sorted({0, found.num_layers // 2, found.num_layers})
]
IDS = [f"{state.walk.name}-{state.layer}" for state in GRID]
EVERY = pytest.mark.parametrize("state", GRID, ids=IDS)


def numbers(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.\d+", text)]


@EVERY
@pytest.mark.parametrize("style", ["light", "dark"])
def test_picture_is_legible(state, style):
    assert list(faults(draw(state, style))) == []


@EVERY
def test_read_out_and_picture_give_the_gap(state):
    text = describe(state)
    assert numbers(text.split("Gap", 1)[1])[0] == pytest.approx(state.gap, abs=0.0051)
    titles = [words for words, _ in texts(draw(state)) if words.startswith("gap KL")]
    assert numbers(titles[0])[0] == numbers(text.split("Gap", 1)[1])[0]


@pytest.mark.parametrize("name", ["planar", "coupling"])
def test_log_determinants_are_what_the_patches_do(name):
    """Areas of small patches, before and after, know nothing of the layers' formulas."""
    found = WALKS[name]
    for k in range(found.num_layers + 1):
        a, b = np.diff(found.sheet[k], axis=0)[:, :-1], np.diff(found.sheet[k], axis=1)[:-1]
        area = np.abs(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
        step = (5 / 80) ** 2
        here = np.log(area / step)
        middle = (found.log_det[k][1:, 1:] + found.log_det[k][:-1, :-1]) / 2
        # a network's kinks make some patches wrong, most are right
        assert np.median(np.abs(here - middle)) < 0.02


def test_extremes_are_those_within_the_ring():
    state = State(WALKS["planar"], 8)
    sides = np.linspace(-2.5, 2.5, 81)
    inside = [
        state.walk.log_det[8][i, j]
        for i, j in product(range(81), repeat=2)
        if np.hypot(sides[i], sides[j]) <= RING
    ]
    assert state.extremes == pytest.approx((min(inside), max(inside)))


@pytest.mark.parametrize("style", ["light", "dark"])
def test_shades_stay_in_order_without_colour(style):
    colours = palette(style)
    made = shades(colours)
    values = [-4, -2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 4]
    seen = [
        lightness(linear("#" + "".join(f"{round(255 * c):02x}" for c in made.to_rgba(v)[:3])))
        for v in values
    ]
    steps = np.diff(seen)
    assert (np.sign(steps) == np.sign(steps[0])).all()
    assert np.abs(steps).min() >= 6


def test_sheet_ring_and_marker_move_with_the_layer():
    marks = []
    for layer in (0, 8):
        figure = draw(State(WALKS["planar"], layer))
        mesh = next(c for axes in figure.axes for c in axes.collections if isinstance(c, QuadMesh))
        ring = next(line for axes in figure.axes for line in axes.lines if line.get_gid() == "ring")
        now = next(
            c for axes in figure.axes for c in axes.collections if c.get_gid() == "now"
        ).get_offsets()[0]
        marks.append((mesh.get_coordinates().copy(), ring.get_xydata().copy(), now))
        assert list(now) == pytest.approx([layer, WALKS["planar"].gaps[layer]])
    assert not np.allclose(marks[0][0], marks[1][0])
    assert not np.allclose(marks[0][1], marks[1][1])


def test_drawing_leaves_no_trace_and_is_quick():
    state, seed = State(WALKS["planar"], 4), torch.random.get_rng_state()
    assert to_png(draw(state)) == to_png(draw(state))
    assert torch.equal(torch.random.get_rng_state(), seed)
    spent = []
    for _ in range(5):
        start = time.process_time()
        to_png(draw(state))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.3


@pytest.mark.parametrize("layer", [-1, 9])
def test_a_layer_that_is_none_is_refused(layer):
    with pytest.raises(ValueError, match="layer must be 0 to 8"):
        State(WALKS["planar"], layer)


def said(widget):
    return re.sub("<[^>]*>", "", widget.panel.readout.value)


def test_slider_and_menu_change_picture_and_text():
    widget = LayerScrubber([WALKS["planar"], WALKS["coupling"]])
    picture = widget.panel.picture.value
    widget.layer.value = 8
    assert said(widget) == describe(State(WALKS["planar"], 8))
    assert said(widget) in widget.panel.picture.value
    assert widget.panel.picture.value != picture
    widget.flow.value = "u1, coupling 3"
    assert (widget.layer.value, widget.layer.max) == (3, 3)
    assert widget.state == State(WALKS["coupling"], 3)
    assert said(widget).startswith("u1, coupling 3: after layer 3 of 3")
    widget.flow.value = "u4, planar 8"
    assert (widget.layer.value, widget.layer.max) == (3, 8)


def test_ln_2_is_drawn_for_two_equal_modes_only():
    twins = {name: found.twins for name, found in WALKS.items()}
    assert twins == {"bell": True, "planar": False, "coupling": True, "far": False}
    for name, two in twins.items():
        assert any(words == "ln 2" for words, _ in texts(draw(State(WALKS[name])))) == two


@pytest.mark.parametrize("style", ["light", "dark"])
def test_the_thinnest_patch_is_no_hole(style):
    thin, paper = shades(palette(style)).to_rgba(9.0)[:3], to_rgb(palette(style).paper)
    assert max(abs(a - b) for a, b in zip(thin, paper)) > 0.08


def test_without_a_reader_three_states_are_said(capsys):
    layer_scrubber.explore([WALKS["planar"], WALKS["bell"]])
    lines = capsys.readouterr().out.splitlines()
    assert lines == [describe(State(WALKS["planar"], k)) for k in (0, 4, 8)]
    assert [s.layer for s in strip_states([WALKS["bell"]])] == [0]
    with pytest.raises(ValueError, match="no flow"):
        layer_scrubber.explore([])
