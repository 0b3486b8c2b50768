"""The maps of U1 to U4: legible, and said in words that are true."""

import pytest

from tests.figures.layout import faults
from vilib.datasets.energies import energies
from vilib.figures.target_row import describe, draw

FOUR = {name: energy for name, energy in energies().items() if name != "ring"}


@pytest.mark.parametrize("style", ["light", "dark"])
@pytest.mark.parametrize("names", [["u1"], ["u1", "u4"], list(FOUR)])
def test_picture_is_legible(names, style):
    assert list(faults(draw({name: FOUR[name] for name in names}, style))) == []


def test_each_target_has_a_line_and_its_map():
    lines = describe(FOUR).splitlines()
    assert [line.split(":")[0] for line in lines] == list(FOUR)
    figure = draw(FOUR)
    assert [axes.get_title(loc="left").split(":")[0] for axes in figure.axes] == list(FOUR)


def test_there_is_hardly_anything_between_the_crescents_of_u1():
    assert describe({"u1": FOUR["u1"]}).endswith("1 % of it at |z₁| < 0.5.")
