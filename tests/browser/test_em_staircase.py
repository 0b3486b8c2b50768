"""The EM staircase in JupyterLab: its controls move picture and read-out; unit 02 shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import ROOT, Lab
from tests.browser.notebook import errors, open_notebook, run_cell, run_through, write_notebook
from tests.browser.widget import change, check_sum, numbers, panel, seen, wait_for

CELL = "from vilib.widgets import em_staircase\nem_staircase.explore()"
NOTEBOOK = "notebooks/02_em_elbo/02_em_elbo.ipynb"


def test_the_staircase_is_climbed_with_its_button(page: object, lab: Lab, tmp_path: Path) -> None:
    write_notebook(lab.folder / "stairs.ipynb", CELL)
    open_notebook(page, lab.address, "stairs.ipynb")
    run_cell(page, 0)
    widget = panel(page)
    check_sum(seen(widget)[1])
    following = widget.get_by_role("button", name="next half-step")
    said = [change(page, widget, following.click)[1] for _ in range(4)]
    evidences = [check_sum(text) for text in said]
    assert evidences == sorted(evidences), "full E-steps: log p(x) never falls"
    assert all("the bound touches the curve" in text for text in said[::2])
    widget.screenshot(path=tmp_path / "em_staircase.png")
    assert widget.locator("img").first.get_attribute("alt") == seen(widget)[1]


def test_sliders_menu_and_half_way_steps(page: object, lab: Lab, tmp_path: Path) -> None:
    write_notebook(lab.folder / "stairs_more.ipynb", CELL)
    open_notebook(page, lab.address, "stairs_more.ipynb")
    run_cell(page, 0)
    widget = panel(page)
    slider = widget.locator(".widget-slider", has_text="start").locator(".noUi-handle")
    slider.focus()
    text = change(page, widget, lambda: page.keyboard.press("ArrowLeft"))[1]
    assert "θ = 0.590" in text
    steps = widget.locator(".widget-slider", has_text="half-steps").locator(".noUi-handle")
    steps.focus()
    end = change(page, widget, lambda: page.keyboard.press("End"))[1]
    assert numbers(end)[1] == 0
    half = widget.get_by_role("button", name="half-way E-steps")
    assert "50% of the way" in change(page, widget, half.click)[1]
    menu = widget.get_by_label("model")
    text = change(page, widget, lambda: menu.select_option("Old Faithful"))[1]
    assert "Start: θ = 76" in text
    picture = seen(widget)[0]
    widget.get_by_role("button", name="dark").click()
    wait_for(page, widget, "([node, old]) => node.querySelector('img').src !== old", picture)
    widget.screenshot(path=tmp_path / "em_staircase_dark.png")


@pytest.mark.skipif(not (ROOT / NOTEBOOK).exists(), reason="unit 02 is not built (make lessons)")
def test_the_student_notebook_shows_it(page: object, lab: Lab, tmp_path: Path) -> None:
    open_notebook(page, lab.address, NOTEBOOK)
    run_through(page, "em_staircase.explore(")
    assert set(errors(page)) <= {"NotImplementedError"}
    widget = panel(page)
    step = widget.get_by_role("button", name="next half-step")
    assert "Half-step 1, E" in change(page, widget, step.click)[1]
    widget.screenshot(path=tmp_path / "unit_02.png")
