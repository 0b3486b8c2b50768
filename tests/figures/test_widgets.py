"""The shells without a browser: controls change the state, echoes do not, stills are complete."""

import json
import re
from types import SimpleNamespace

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from tests.figures.test_estimator_race import LOGITS, ZOO, f, q
from tests.figures.test_highlighter import NAMES, SHORT, Model, sentence
from vilib.datasets import targets
from vilib.figures.estimator_race import race
from vilib.figures.gap_meter import describe
from vilib.widgets import live
from vilib.widgets.estimator_race import EstimatorRace
from vilib.widgets.gap_meter import MEAN_STEP, SCALE_STEP, GapMeter, beginning
from vilib.widgets.highlighter import Highlighter

TARGETS = list(targets().values())


@pytest.fixture
def meter():
    return GapMeter(beginning(TARGETS[0]), TARGETS)


def said(widget):
    return re.sub("<[^>]*>", "", widget.panel.readout.value)


def test_sliders_move_picture_text_and_alternative_text(meter):
    pictures = {meter.panel.picture.value}
    for slider, step in ((meter.mean, 0.3), (meter.scale, 0.2)):
        slider.value += step
        assert said(meter) == describe(meter.state)
        assert said(meter) in meter.panel.picture.value
        pictures.add(meter.panel.picture.value)
    assert len(pictures) == 3
    assert 'role="status"' in meter.panel.readout.value
    assert 'aria-live="polite"' in meter.panel.readout.value


def test_a_sliders_rounding_of_its_own_value_is_no_move(meter):
    before = meter.state
    meter.mean.value = before.mean + 0.49 * MEAN_STEP
    meter.scale.value = before.scale * 10 ** (-0.49 * SCALE_STEP)
    assert meter.state == before
    meter.mean.value = before.mean + MEAN_STEP
    assert meter.state.mean == before.mean + MEAN_STEP


def test_what_an_old_slider_says_late_is_not_heard(meter):
    old = meter.mean
    meter.target.value = "bimodal"
    state = meter.state
    assert state.target.name == "bimodal"
    old.value += 1
    assert meter.state == state
    assert meter.sliders.children == (meter.mean, meter.scale)


def test_fit_goes_to_the_best_q_for_each_direction(meter):
    meter.target.value = "bimodal"
    for direction, mean in (("reverse", -1.76), ("forward", -0.13)):
        meter.direction.value = direction
        meter.animate(None)
        assert meter.state.mean == pytest.approx(mean, abs=0.02)
        assert meter.state.direction == direction
        assert not meter.fit.disabled
        assert (meter.mean.value, meter.scale.value) == (meter.state.mean, meter.state.scale)


def test_dark_changes_the_picture_alone(meter):
    text, picture = said(meter), meter.panel.picture.value
    meter.panel.dark.value = True
    assert said(meter) == text
    assert meter.panel.picture.value != picture


def test_clicks_go_round_from_free_to_on_to_off():
    widget = Highlighter([sentence(SHORT), sentence(["well"])], Model(4, 2), NAMES)
    word = widget.buttons.children[2]
    seen = []
    for _ in range(3):
        word.click()
        seen.append((widget.state.forced[2], word.description))
    assert seen == [(True, "● good"), (False, "○ good"), (None, "good")]
    word.click()
    widget.free.click()
    assert widget.state.forced == (None,) * 4
    widget.sentence.value = 1
    assert [b.description for b in widget.buttons.children] == ["well"]
    assert widget.state.words == ("well",)


def test_the_race_is_moved_by_its_slider_and_by_play():
    widget = EstimatorRace(race(q, LOGITS, f, {"one": ZOO["score function"]}, num_draws=256))
    widget.play.value = 10
    assert widget.state.step == widget.step.value == 10
    widget.step.value = 3
    assert widget.play.value == 3
    assert said(widget).startswith(f"After {widget.race.counts[3]} gradients")


@pytest.mark.parametrize(
    ("environment", "names", "kernel", "expected"),
    [
        ({"JPY_SESSION_NAME": "/a.ipynb"}, {}, True, True),
        ({"COLAB_RELEASE_TAG": "release"}, {}, True, True),
        ({}, {"__vsc_ipynb_file__": "a.ipynb"}, True, True),
        ({}, {}, True, False),
        ({"JPY_SESSION_NAME": "/a.ipynb"}, {}, False, False),
        ({"JPY_SESSION_NAME": "/a.ipynb", "VILIB_STATIC": "1"}, {}, True, False),
        ({"JPY_SESSION_NAME": "/a.ipynb", "VILIB_STATIC": "0"}, {}, True, True),
    ],
)
def test_who_is_there_is_told(monkeypatch, environment, names, kernel, expected):
    shell = SimpleNamespace(user_ns=names, **({"kernel": object()} if kernel else {}))
    monkeypatch.setattr(live, "get_ipython", lambda: shell)
    assert live.is_live(environment) is expected


STILLS = """
import torch
from tests.figures.test_estimator_race import LOGITS, ZOO, f, q
from tests.figures.test_highlighter import SHORT, Model, sentence
from vilib.figures.estimator_race import race
from vilib.widgets import estimator_race, gap_meter, highlighter
"""
CALLS = (
    "gap_meter.explore()",
    "highlighter.explore([sentence(SHORT)], Model(4, 5))",
    "estimator_race.explore(race(q, LOGITS, f, ZOO))",
)


@pytest.mark.parametrize("environment", [{}, {"JPY_SESSION_NAME": "/a.ipynb", "VILIB_STATIC": "1"}])
def test_an_executed_notebook_gets_three_states_with_text(monkeypatch, environment):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    cells = [nbformat.v4.new_code_cell(source) for source in (STILLS, *CALLS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert notebook.cells[0].outputs == []
    for cell in notebook.cells[1:]:
        picture, text = cell.outputs
        assert text["name"] == "stdout"
        assert len(text["text"].splitlines()) == 3
        assert picture["metadata"]["image/png"]["alt"] == text["text"].rstrip()
        assert len(picture["data"]["image/png"]) < 60_000
        assert "widget-view" not in json.dumps(picture["data"])


def test_the_highlighters_menu_may_not_be_empty():
    from vilib.widgets import highlighter

    with pytest.raises(ValueError, match="at least one sentence"):
        highlighter.explore([], Model(4, 2))


def test_torch_is_not_reseeded_by_a_widget(meter):
    before = torch.random.get_rng_state()
    meter.mean.value += 0.5
    assert torch.equal(before, torch.random.get_rng_state())
