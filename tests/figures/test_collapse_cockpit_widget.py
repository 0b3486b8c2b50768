"""The cockpit's shell: a run is chosen and wound, the button trains what the controls say."""

import re
from html import unescape

import pytest

from tests.figures.test_collapse_cockpit import run
from vilib.datasets.language import language
from vilib.figures.collapse_cockpit import describe
from vilib.models import BetaSchedule, CollapsePreset, Cure
from vilib.models.collapse_experiment import CollapseRun, prepare_text, train_vae
from vilib.widgets.collapse_cockpit import CollapseCockpit, explore, in_words, strip_states

TINY = CollapsePreset(
    embedding_size=4, hidden=6, code_size=3, batch_size=10, num_steps=4, stretch=2,
    num_samples=2, num_evaluated=10, num_watched=10,
)  # fmt: skip


@pytest.fixture
def cockpit():
    asked = []

    def train(name, cure):
        asked.append((name, cure))
        return run(3, 1.0, 17.5, name)

    runs = {"plain": run(4, 0.05, 17.1), "free bits": run(6, 5.0, 19.0, "free bits")}
    widget = CollapseCockpit(runs, train)
    widget.asked = asked
    return widget


def shown(widget):
    text = unescape(re.sub("<[^>]*>", "", widget.panel.readout.value))
    assert text == describe(widget.state)
    return widget.state


def test_menu_and_slider(cockpit):
    assert (shown(cockpit).name, cockpit.state.shown) == ("plain", 4)
    cockpit.shown.value = 2
    assert shown(cockpit).shown == 2
    cockpit.run.value = "free bits"
    assert (shown(cockpit).name, cockpit.state.shown, cockpit.shown.max) == ("free bits", 6, 6)
    # back to a shorter run: the slider comes along
    cockpit.run.value = "plain"
    assert (shown(cockpit).shown, cockpit.shown.max) == (4, 4)


def test_the_button_trains_what_the_controls_say(cockpit):
    cockpit.start.value, cockpit.warm_up.value, cockpit.cycles.value = 0.0, 0.5, 2
    cockpit.free.value, cockpit.dropout.value, cockpit.weak.value = 5.0, 0.5, True
    cockpit.sphere.value, cockpit.inner.value = 20.0, 3
    cockpit.button.click()
    name, cure = cockpit.asked[0]
    assert cure == Cure(
        beta=BetaSchedule(0.0, 0.5, 2, 1.0),
        free_nats=5.0,
        word_dropout=0.5,
        memory=False,
        concentration=20.0,
        encoder_steps=3,
    )
    assert name == f"3 · {in_words(cure)}"
    assert (cockpit.run.value, shown(cockpit).name) == (name, name)
    assert list(cockpit.run.options) == ["plain", "free bits", name]
    assert (cockpit.button.disabled, cockpit.button.description) == (False, "train")


def test_a_new_run_is_the_only_one_that_is_shown(cockpit, monkeypatch):
    """The menu gets a new entry; what stood first in it must not flash up in between."""
    seen = []
    refresh = cockpit.panel.refresh
    monkeypatch.setattr(
        cockpit.panel, "refresh", lambda: (seen.append(cockpit.state.name), refresh())
    )
    cockpit.run.value = "free bits"
    seen.clear()
    cockpit.button.click()
    assert set(seen) == {"3 · plain"}


def test_the_button_comes_back_after_an_error(cockpit):
    def fail(name, cure):
        raise RuntimeError

    cockpit.train = fail
    with pytest.raises(RuntimeError):
        cockpit.fly(None)
    assert not cockpit.button.disabled
    assert list(cockpit.run.options) == ["plain", "free bits"]


def test_without_a_front_end_it_is_a_strip_with_its_text(capsys):
    data = prepare_text(language(sizes=(40, 20, 20)), TINY)
    runs = {
        n: train_vae(data, Cure(), TINY, seed=s, progress=False) for n, s in zip("abcd", range(4))
    }
    assert isinstance(runs["a"], CollapseRun)
    explore(runs, data, TINY, 16.58, 17.0)
    assert capsys.readouterr().out.count("Active units:") == 3
    with pytest.raises(ValueError, match="at least one run"):
        explore({}, data, TINY, 16.58, 17.0)


def test_the_strip_shows_the_first_run_and_the_highest_rates():
    runs = {str(rate): run(3, rate, 20.0, str(rate)) for rate in (0.1, 1.0, 5.0, 3.0)}
    assert [state.name for state in strip_states(runs)] == ["0.1", "5.0", "3.0"]
