"""The melting dice in JupyterLab: each control moves picture and read-out; and in unit 05."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import ROOT, Lab
from tests.browser.notebook import errors, open_notebook, run_cell, run_through, write_notebook
from tests.browser.widget import change, panel, seen, wait_for

DICE = """
import torch
from torch.nn.functional import logsigmoid
from vilib.figures.melting_dice import roll
from vilib.widgets import melting_dice

logits, weights = torch.tensor([[1.2, -0.3, -1.0], [3.0, -2.0, 0.5]]).double()
melting_dice.explore(roll(logits, lambda z: logsigmoid(z @ weights)))
"""
UNIT = "05_gumbel"


def test_temperature_kind_and_rolls_move_the_picture(
    page: object, lab: Lab, tmp_path: Path
) -> None:
    write_notebook(lab.folder / "dice.ipynb", DICE)
    open_notebook(page, lab.address, "dice.ipynb")
    run_cell(page, 0)
    widget = panel(page)
    assert "τ = 0.50" in seen(widget)[1]
    widget.locator(".noUi-handle").focus()
    assert "τ = 0.70" in change(page, widget, lambda: page.keyboard.press("ArrowRight"))[1]
    widget.screenshot(path=tmp_path / "melting_dice.png")
    button = widget.get_by_role("button", name="straight-through")
    assert "1 roll, straight-through" in change(page, widget, button.click)[1]
    menu = widget.get_by_label("rolls S")
    text = change(page, widget, lambda: menu.select_option("256"))[1]
    assert "256 rolls" in text
    light = seen(widget)[0]
    widget.get_by_role("button", name="dark").click()
    wait_for(page, widget, "([node, old]) => node.querySelector('img').src !== old", light)
    assert widget.locator("img").first.get_attribute("alt") == text
    widget.screenshot(path=tmp_path / "melting_dice_dark.png")


@pytest.mark.skipif(
    not (ROOT / f"notebooks/{UNIT}/{UNIT}.ipynb").exists(), reason="the unit is not built"
)
def test_melting_dice_of_unit_05_melt(page: object, lab: Lab, tmp_path: Path) -> None:
    open_notebook(page, lab.address, f"notebooks/{UNIT}/{UNIT}.ipynb")
    run_through(page, "melting_dice.explore(")
    assert set(errors(page)) <= {"NotImplementedError"}
    widget = panel(page)
    widget.locator(".noUi-handle").focus()
    assert "τ = 5.00" in change(page, widget, lambda: page.keyboard.press("End"))[1]
    widget.screenshot(path=tmp_path / "unit_05.png")
