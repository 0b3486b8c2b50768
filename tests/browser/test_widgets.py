"""The three widgets in JupyterLab: a control moves, and picture and read-out move with it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import Lab
from tests.browser.notebook import open_notebook, run_cell, write_notebook
from tests.browser.widget import change, check_sum, numbers, panel, seen, wait_for
from vilib.widgets.gap_meter import MEAN_STEP, SCALE_STEP

GAP = "from vilib.widgets import gap_meter\ngap_meter.explore()"

MODEL = """
import torch
from torch.distributions import Bernoulli, Independent
from vilib.figures.highlighter import Sentence
from vilib.widgets import highlighter

class Model:
    prior_rate = 0.2
    score = torch.tensor([[0.2, 0.0], [0.0, 2.0], [1.5, -1.0]])
    def posterior(self, tokens, mask):
        return Independent(Bernoulli(logits=self.score[tokens].sum(-1)), 1)
    def classify(self, tokens, mask, z):
        return (z[..., None] * self.score[tokens]).sum(-2)
    def log_likelihood(self, tokens, mask, z, label):
        return self.classify(tokens, mask, z).log_softmax(-1)[..., 0, label]

sentence = Sentence(("so", "good", "bad"), torch.arange(3), 1)
highlighter.explore([sentence], Model(), ("down", "up"))
"""

RACE = """
import torch
from torch.distributions import Bernoulli, Independent
from vilib.estimators import ScoreFunction, StraightThroughBernoulli
from vilib.figures.estimator_race import race
from vilib.widgets import estimator_race

zoo = {"score function": ScoreFunction(), "straight-through": StraightThroughBernoulli()}
q = lambda logits: Independent(Bernoulli(logits=logits), 1)
logits = torch.tensor([-1.5, 0.5]).double()
estimator_race.explore(race(q, logits, lambda z: (z.sum(-1) - 0.4) ** 3, zoo, num_draws=1024))
"""


def show(page: object, lab: Lab, name: str, source: str) -> object:
    """Run one cell in a notebook of its own; its widget."""
    write_notebook(lab.folder / f"{name}.ipynb", source)
    open_notebook(page, lab.address, f"{name}.ipynb")
    run_cell(page, 0)
    return panel(page)


def test_gap_meter_moves_with_its_sliders(page: object, lab: Lab, tmp_path: Path) -> None:
    widget = show(page, lab, "gap", GAP)
    sums = [check_sum(seen(widget)[1])]
    for name in ("mean", "scale"):
        slider = widget.locator(".widget-slider", has_text=name).locator(".noUi-handle")
        slider.focus()
        sums.append(check_sum(change(page, widget, lambda: page.keyboard.press("ArrowRight"))[1]))
    assert len(set(sums)) == 1
    widget.screenshot(path=tmp_path / "gap_meter.png")
    light, text = seen(widget)
    assert widget.locator("img").first.get_attribute("alt") == text
    widget.get_by_role("button", name="dark").click()
    wait_for(page, widget, "([node, old]) => node.querySelector('img').src !== old", light)
    assert seen(widget)[1] == text
    widget.screenshot(path=tmp_path / "gap_meter_dark.png")


def test_gap_meter_fits_each_target(page: object, lab: Lab, tmp_path: Path) -> None:
    widget = show(page, lab, "gap_fit", GAP)
    fit = widget.get_by_role("button", name="fit it for me")
    for target, direction in (("conjugate", "reverse"), ("bimodal", "forward")):
        if direction == "forward":
            change(page, widget, lambda: widget.get_by_label("target").select_option("bimodal"))
            change(page, widget, widget.get_by_role("button", name="forward").click)
        before = seen(widget)[1]
        change(page, widget, fit.click)
        wait_for(page, widget, "node => !node.querySelector('.mod-primary').disabled")
        after = seen(widget)[1]
        assert target in after
        # the number that was minimised: KL, or the forward KL after it
        which = -1 if direction == "forward" else 1
        assert numbers(after)[which] < numbers(before)[which]
        assert check_sum(after) == check_sum(before)
        assert_sliders_agree(widget, after)
    widget.screenshot(path=tmp_path / "gap_meter_fitted.png")


def assert_sliders_agree(widget: object, text: str) -> None:
    """The sliders' own numbers are q's mean and scale, up to half a step and two digits."""
    shown = [numbers(node.inner_text())[0] for node in widget.locator(".widget-readout").all()]
    mean, scale = numbers(text.split("mean", 1)[1])[:2]
    assert shown[0] == pytest.approx(mean, abs=MEAN_STEP / 2 + 0.0101)
    assert shown[1] == pytest.approx(scale, abs=(10 ** (SCALE_STEP / 2) - 1) * scale + 0.0101)


def test_a_click_on_a_word_forces_it(page: object, lab: Lab, tmp_path: Path) -> None:
    widget = show(page, lab, "highlighter", MODEL)
    word = widget.locator("button", has_text="good")
    assert "good on" in change(page, widget, word.click)[1]
    assert "good off" in change(page, widget, word.click)[1]
    widget.screenshot(path=tmp_path / "highlighter.png")
    freed = change(page, widget, word.click)[1]
    assert "good on" not in freed
    assert "good off" not in freed


def test_the_race_is_wound_on(page: object, lab: Lab, tmp_path: Path) -> None:
    widget = show(page, lab, "race", RACE)
    widget.locator(".noUi-handle").focus()
    text = change(page, widget, lambda: page.keyboard.press("End"))[1]
    widget.screenshot(path=tmp_path / "race.png")
    assert "After 1024 gradients" in text
