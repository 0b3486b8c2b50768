"""The layer scrubber of unit 06 in JupyterLab: the slider moves picture and read-out."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import ROOT, Lab
from tests.browser.notebook import errors, open_notebook, run_through
from tests.browser.widget import change, numbers, panel, seen, wait_for

UNIT = "06_flows"


def test_the_sheet_bends_with_the_slider(page: object, lab: Lab, tmp_path: Path) -> None:
    if not (ROOT / "notebooks" / UNIT).is_dir():
        pytest.skip(f"notebooks/{UNIT} is not built yet (make lessons)")
    open_notebook(page, lab.address, f"notebooks/{UNIT}/{UNIT}.ipynb")
    run_through(page, "layer_scrubber.explore(")
    assert set(errors(page)) <= {"NotImplementedError"}
    widget = panel(page)
    assert "before the first layer" in seen(widget)[1]
    widget.locator(".noUi-handle").focus()
    texts = [change(page, widget, lambda: page.keyboard.press("ArrowRight"))[1] for _ in range(2)]
    assert "after layer 2 of 8" in texts[-1]
    end = change(page, widget, lambda: page.keyboard.press("End"))[1]
    assert "after layer 8 of 8" in end
    assert numbers(end)[0] < numbers(texts[-1])[0]
    assert widget.locator("img").first.get_attribute("alt") == end
    widget.screenshot(path=tmp_path / "unit_06.png")
    light = seen(widget)[0]
    widget.get_by_role("button", name="dark").click()
    wait_for(page, widget, "([node, old]) => node.querySelector('img').src !== old", light)
    assert seen(widget)[1] == end
    widget.screenshot(path=tmp_path / "unit_06_dark.png")
