"""Stored pictures are small, the same every time, and say nothing about who made them."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from vicourse.pictures import PICTURES, write
from vilib.datasets import targets
from vilib.figures import gap_meter, small_png, strip, to_png


def test_pictures_are_small_plain_and_repeatable(tmp_path):
    first = {p.name: p.read_bytes() for p in write(tmp_path / "new" / "folder")}
    again = {p.name: p.read_bytes() for p in write(tmp_path)}
    assert set(first) == set(PICTURES)
    assert first == again
    for data in first.values():
        assert len(data) < 80_000
        image = Image.open(BytesIO(data))
        assert image.width == 1440
        assert not {"Software", "Creation Time", "Title"} & set(image.info)


def test_few_colours_keep_the_picture():
    figure = gap_meter.draw(gap_meter.State(targets()["bimodal"]))
    full, small = (Image.open(BytesIO(make(figure))).convert("RGB") for make in (to_png, small_png))
    assert full.size == small.size == (900, 400)
    off = np.abs(np.asarray(full, dtype=int) - np.asarray(small, dtype=int))
    # no colour of the palette is lost, only shades of the edges are merged
    assert off.mean() < 1.5
    assert off.max() < 90


def test_a_strip_holds_its_states_in_order():
    seen = []

    def paint(part, state, colours):
        seen.append((state, colours.paper, part.bbox.height))

    figure = strip([1.0, 2.0, 1.5], paint, lambda state: state, "dark")
    assert isinstance(figure, Figure)
    assert figure.get_size_inches().tolist() == [9.0, 4.5]
    assert [s for s, _, _ in seen] == [1.0, 2.0, 1.5]
    assert [h for _, _, h in seen] == pytest.approx([100, 200, 150])
    assert {paper for _, paper, _ in seen} == {"#161b22"}


def test_a_state_in_a_strip_looks_as_it_does_alone():
    state = gap_meter.State(targets()["skewed"])
    alone = Image.open(BytesIO(to_png(gap_meter.draw(state)))).convert("RGB")
    both = strip([state, state], gap_meter.paint, gap_meter.height)
    below = Image.open(BytesIO(to_png(both))).convert("RGB").crop((0, 400, 900, 800))
    differ = (np.asarray(alone) != np.asarray(below)).any(-1)
    assert differ.mean() < 0.002
