"""The released notebooks in JupyterLab, as a student opens them: blank, and their pictures move."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from tests.browser.lab import ROOT, Lab
from tests.browser.notebook import code_cells, errors, open_notebook, run_through
from tests.browser.widget import change, check_sum, panel

UNITS = sorted(p.stem for p in ROOT.glob("notebooks/*/*.ipynb"))


@pytest.fixture
def opened(page: object, lab: Lab, request: pytest.FixtureRequest) -> object:
    unit = request.param
    if unit not in UNITS:
        pytest.skip(f"notebooks/{unit} is not built yet (make lessons)")
    open_notebook(page, lab.address, f"notebooks/{unit}/{unit}.ipynb")
    return page


@pytest.mark.parametrize("opened", UNITS, indirect=True)
def test_every_unit_opens_and_its_environment_is_fine(opened: object) -> None:
    assert code_cells(opened)
    run_through(opened, "doctor(")
    assert errors(opened) == []
    assert opened.locator(".jp-RenderedMarkdown h1").first.inner_text().strip()


@pytest.mark.parametrize("opened", ["01_vi_basics"], indirect=True)
def test_gap_meter_of_unit_01_moves(opened: object, tmp_path: Path) -> None:
    run_through(opened, "gap_meter.explore(")
    assert set(errors(opened)) <= {"NotImplementedError"}
    widget = panel(opened)
    handle = widget.locator(".widget-slider", has_text="mean").locator(".noUi-handle")
    handle.focus()
    texts = [change(opened, widget, lambda: opened.keyboard.press("ArrowRight"))[1] for _ in "ab"]
    assert check_sum(texts[0]) == check_sum(texts[1])
    widget.screenshot(path=tmp_path / "unit_01.png")


@pytest.mark.parametrize("opened", ["04_sfe_sst"], indirect=True)
def test_race_of_unit_04_runs(opened: object, tmp_path: Path) -> None:
    run_through(opened, "estimator_race.explore(")
    assert set(errors(opened)) <= {"NotImplementedError"}
    widget = panel(opened)
    widget.locator(".noUi-handle").focus()
    text = change(opened, widget, lambda: opened.keyboard.press("End"))[1]
    assert "standard errors off" in text
    widget.screenshot(path=tmp_path / "unit_04.png")
