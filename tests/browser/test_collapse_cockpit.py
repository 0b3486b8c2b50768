"""The cockpit of unit 07 in JupyterLab: a run is wound back, another chosen, a new one trained."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import Lab
from tests.browser.notebook import errors, open_notebook, run_cell, write_notebook
from tests.browser.widget import change, numbers, panel, seen, wait_for

SOURCE = """
from vilib.datasets.language import language
from vilib.models import CURES, CollapsePreset
from vilib.models.collapse_experiment import prepare_text, train_vae
from vilib.widgets import collapse_cockpit

tiny = CollapsePreset(embedding_size=8, hidden=12, code_size=4, batch_size=20, num_steps=40,
                      stretch=10, num_watched=20, num_evaluated=20)
text = language(sizes=(200, 40, 40))
data = prepare_text(text, tiny)
runs = {name: train_vae(data, CURES[name], tiny, seed=1, progress=False)
        for name in ("plain", "free bits")}
collapse_cockpit.explore(runs, data, tiny, text.entropy, 17.0)
"""


def bill(text: str) -> tuple[float, float, float]:
    """Distortion, rate and −ELBO of a read-out, after they were checked to add up as written."""
    distortion, rate, nelbo = numbers(text.partition(": distortion")[2])[:3]
    assert distortion + rate == pytest.approx(nelbo, abs=1e-9)
    return distortion, rate, nelbo


def test_the_cockpit_flies(page: object, lab: Lab, tmp_path: Path) -> None:
    write_notebook(lab.folder / "cockpit.ipynb", SOURCE)
    open_notebook(page, lab.address, "cockpit.ipynb")
    run_cell(page, 0)
    assert errors(page) == []
    widget = panel(page)
    text = seen(widget)[1]
    assert "plain, step 40 of 40" in text
    end = bill(text)
    moment = widget.locator(".widget-slider", has_text="moment").locator(".noUi-handle")
    moment.focus()
    text = change(page, widget, lambda: page.keyboard.press("ArrowLeft"))[1]
    assert "plain, step 30 of 40" in text
    assert bill(text)[2] > end[2]
    menu = widget.get_by_label("run", exact=True)
    text = change(page, widget, lambda: menu.select_option("free bits"))[1]
    assert "free bits, step 40 of 40" in text
    assert "Active units" in text
    widget.screenshot(path=tmp_path / "cockpit.png")
    free = widget.locator(".widget-slider", has_text="free nats").locator(".noUi-handle")
    free.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    widget.get_by_label("skip").check()
    text = change(page, widget, widget.get_by_role("button", name="train").click)[1]
    assert "3 · 2 free nats, skip, step 40 of 40" in text
    bill(text)
    assert errors(page) == []
    light = seen(widget)[0]
    widget.get_by_role("button", name="dark").click()
    wait_for(page, widget, "([node, old]) => node.querySelector('img').src !== old", light)
    assert widget.locator("img").first.get_attribute("alt") == text
    widget.screenshot(path=tmp_path / "cockpit_dark.png")
