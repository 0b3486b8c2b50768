"""A widget on a page: what it shows, and waiting until it shows something else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.notebook import RUN_MS


def panel(page: Page) -> Locator:
    """The widget, once its picture is there."""
    found = page.locator(".vilib-panel").first
    found.locator("img").wait_for(timeout=RUN_MS)
    return found


def numbers(text: str) -> list[float]:
    """All decimal numbers of a read-out, with its true minus signs."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.\d+", text)]


def seen(widget: Locator) -> tuple[str, str]:
    """The picture's bytes and the read-out."""
    image = widget.locator("img").first
    return image.get_attribute("src"), widget.locator('[role="status"]').inner_text()


def wait_for(page: Page, widget: Locator, condition: str, *values: object) -> None:
    """Until a condition on the widget (and further values) holds."""
    node = widget.element_handle()
    page.wait_for_function(condition, arg=[node, *values] if values else node, timeout=RUN_MS)


def change(page: Page, widget: Locator, act: Callable[[], object]) -> tuple[str, str]:
    """Do something, wait until the read-out is another, and return what is seen then."""
    before = seen(widget)
    act()
    other = "([node, old]) => node.querySelector('[role=\"status\"]').innerText !== old"
    wait_for(page, widget, other, before[1])
    after = seen(widget)
    assert after[0] != before[0]
    return after


def check_sum(text: str) -> float:
    """log p(x), after ELBO + KL = log p(x) was checked as written."""
    elbo, kl, evidence = numbers(text)[:3]
    assert elbo + kl == pytest.approx(evidence, abs=1e-9)
    assert kl >= 0
    return evidence
