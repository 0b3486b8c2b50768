"""The layout check itself finds what it is for."""

from matplotlib.figure import Figure

from tests.figures.layout import faults


def test_overlap_and_escape_are_found():
    figure = Figure(figsize=(3, 2))
    figure.text(0.1, 0.5, "one")
    figure.text(0.12, 0.5, "two")
    figure.text(0.9, 0.9, "a long way out")
    assert list(faults(figure)) == ["'a long way out' leaves the figure", "'one' lies on 'two'"]


def test_tick_labels_beyond_the_axis_do_not_count():
    figure = Figure(figsize=(4, 3))
    axes = figure.add_axes((0.2, 0.2, 0.6, 0.6))
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 1, 5], ["0", "1", "far"])
    assert list(faults(figure)) == []
