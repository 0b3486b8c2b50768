"""No number of others is quoted without a source, and none from memory without saying so."""

import json
import re

import pytest

from vilib.datasets.registry import embedded
from vilib.models.published import Published, published

ALL = json.loads(embedded("published.json").read_text(encoding="utf-8"))


def faults(entry: Published) -> list[str]:
    """What is missing for the numbers to be quoted."""
    found = []
    if not re.search(r", (19|20)\d\d, \S", entry.paper):
        found.append("authors, year and title")
    if not entry.link.startswith("https://"):
        found.append("link")
    if not re.search(r"Table|Figure|slides|outputs", entry.where):
        found.append("table or figure")
    if not (entry.checked == "memory" or entry.checked.startswith("read in the authors' ")):
        found.append("how it was checked")
    if not all(isinstance(value, float) for value in entry.values.values()):
        found.append("numbers")
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_number_has_its_source(name):
    entry = published(name)
    assert faults(entry) == []
    assert entry.unit
    assert all(
        entry.quote(model).startswith("about ") == (entry.checked == "memory")
        for model in entry.values
    )


def test_a_number_without_a_source_is_refused():
    bare = Published("", "nats", "someone", "", "", "trust me", {"VAE": "86"})
    assert faults(bare) == [
        "authors, year and title",
        "link",
        "table or figure",
        "how it was checked",
        "numbers",
    ]
