"""One browser and one JupyterLab for all browser tests; without either they skip, saying why."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.lab import ROOT, Lab, find_chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def missing() -> str | None:
    """Why the browser tests cannot run here."""
    for module in ("playwright", "jupyterlab", "ipywidgets"):
        if importlib.util.find_spec(module) is None:
            return f"{module} is not installed"
    return None if find_chromium() else "no Chromium found (set VILIB_CHROMIUM to its path)"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    if reason := missing():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("course")
    if (ROOT / "notebooks").is_dir():
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    server = Lab(folder, tmp_path_factory.mktemp("private"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    if reason := missing():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: object, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[object]:
    """A fresh page; what it showed at the end lies in the test's temporary folder."""
    context = browser.new_context(viewport={"width": 1400, "height": 1100})
    page = context.new_page()
    yield page
    page.screenshot(path=tmp_path / f"{request.node.name}.png")
    context.close()
