"""The latent map in JupyterLab: a tile is clicked where it is seen, sliders move, q is refined."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import Lab
from tests.browser.notebook import open_notebook, run_cell, write_notebook
from tests.browser.widget import change, check_sum, panel, wait_for

SOURCE = """
import torch
from vilib.figures.latent_map import PlaneModel
from vilib.models.vae import VAE
from vilib.widgets import latent_map

torch.manual_seed(2)
model = VAE(16, 2, 12)
with torch.no_grad():
    model.decoder[0].weight.mul_(2), model.decoder[2].weight.mul_(3)
x = (torch.rand(5, 16) < 0.5).float()
latent_map.explore(PlaneModel(model, x, torch.arange(5)))
"""


def test_the_latent_map_moves(page: object, lab: Lab, tmp_path: Path) -> None:
    write_notebook(lab.folder / "latent_map.ipynb", SOURCE)
    open_notebook(page, lab.address, "latent_map.ipynb")
    run_cell(page, 0)
    widget = panel(page)
    # where a person would point: the middle of the tile in the last column, second row, as drawn
    picture = widget.locator("img").first.bounding_box()
    left, bottom, width, height = 0.045, 0.095, 3.75 / 9.0, 3.75 / 4.3
    x = picture["x"] + picture["width"] * (left + width * 10.5 / 11)
    y = picture["y"] + picture["height"] * (1 - bottom - height * 9.5 / 11)
    text = change(page, widget, lambda: page.mouse.click(x, y))[1]
    assert "At z = (2.73, 2.18)" in text
    evidence = check_sum(text)
    widget.screenshot(path=tmp_path / "clicked.png")
    slider = widget.locator(".widget-slider", has_text="z₁").locator(".noUi-handle")
    slider.focus()
    text = change(page, widget, lambda: page.keyboard.press("ArrowLeft"))[1]
    assert "At z = (2.73" not in text
    assert check_sum(text) == evidence
    text = change(page, widget, widget.get_by_role("button", name="refined").click)[1]
    assert "refined for this sheet" in text
    assert check_sum(text) == evidence
    light = widget.locator("img").first.get_attribute("src")
    widget.get_by_role("button", name="dark").click()
    wait_for(page, widget, "([node, old]) => node.querySelector('img').src !== old", light)
    widget.screenshot(path=tmp_path / "dark.png")
