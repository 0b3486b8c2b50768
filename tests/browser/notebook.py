"""A notebook open in JupyterLab, seen through a browser page."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page

OPEN_MS, RUN_MS = 90_000, 120_000

# the notebook in front, once its kernel can take work
FRONT = "window.jupyterapp.shell.currentWidget"
READY = f"""() => {{
  const panel = window.jupyterapp && {FRONT};
  const kernel = panel && panel.sessionContext && panel.sessionContext.session?.kernel;
  return Boolean(kernel && kernel.status === 'idle' && panel.content.widgets.length);
}}"""
RUN_CELL = f"""async (index) => {{
  const panel = {FRONT};
  panel.content.activeCellIndex = index;
  panel.content.deselectAll();
  await window.jupyterapp.commands.execute('notebook:run-cell');
}}"""


def write_notebook(path: Path, *cells: str) -> Path:
    """A notebook with these code cells."""
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    code = [
        {
            "cell_type": "code",
            "id": f"cell-{i}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(cells)
    ]
    path.write_text(
        json.dumps({"cells": code, "metadata": spec, "nbformat": 4, "nbformat_minor": 5})
    )
    return path


def open_notebook(page: Page, address: str, path: str) -> None:
    """Show a notebook of the server and wait for its kernel."""
    page.goto(f"{address}/lab/tree/{path}?reset", wait_until="domcontentloaded", timeout=OPEN_MS)
    page.wait_for_function(READY, timeout=OPEN_MS)


def run_cell(page: Page, index: int) -> None:
    """Run one cell and wait until the kernel is idle again, whether it failed or not."""
    page.set_default_timeout(RUN_MS)
    page.evaluate(RUN_CELL, index)
    page.wait_for_function(READY, timeout=RUN_MS)


def code_cells(page: Page) -> list[tuple[int, str]]:
    """Index and source of each code cell that is not tagged `long`."""
    return page.evaluate(
        f"""() => {FRONT}.content.widgets
        .map((cell, i) => [i, cell.model])
        .filter(([i, model]) => model.type === 'code')
        .filter(([i, model]) => !(model.getMetadata('tags') ?? []).includes('long'))
        .map(([i, model]) => [i, model.sharedModel.getSource()])"""
    )


def errors(page: Page) -> list[str]:
    """Names of the exceptions that the notebook shows."""
    return page.evaluate(
        f"""() => {FRONT}.content.widgets.filter(cell => cell.model.type === 'code')
        .flatMap(cell => cell.model.outputs.toJSON())
        .filter(output => output.output_type === 'error').map(output => output.ename)"""
    )


def run_through(page: Page, needle: str) -> int:
    """Run the code cells up to the first that contains `needle`; its index."""
    for index, source in code_cells(page):
        run_cell(page, index)
        if needle in source:
            return index
    raise AssertionError(f"no cell contains {needle!r}")
