"""The picture of objectives beside bounds: legible, true to its numbers, told apart in grey."""

import pytest

from tests.figures.layout import faults, texts
from vilib.figures.promises import Promise, describe, draw

SOFT = Promise("Gumbel-softmax", -20.58, -24.45, -22.85, -25.87)
HARD = Promise("straight-through Gumbel", -23.78, -23.73, -23.33, -24.09)
FAR = Promise("one with everything alike", -24.0, -24.0, -24.0, -24.0)


@pytest.mark.parametrize("style", ["light", "dark"])
@pytest.mark.parametrize("rows", [[SOFT], [SOFT, HARD], [HARD, SOFT, FAR, HARD]])
def test_picture_is_legible(rows, style):
    figure = draw(rows, style)
    assert list(faults(figure)) == []
    written = [words for words, _ in texts(figure)]
    assert all(row.name in written for row in rows)


def test_markers_stand_where_the_numbers_are():
    (axes,) = draw([SOFT, HARD]).axes
    by_label = {line.get_label(): line for line in axes.get_lines()}
    for label, field in (
        ("objective, train", "objective"),
        ("ELBO, train", "train_elbo"),
        ("log p(x), train", "train_log_evidence"),
        ("ELBO, test", "test_elbo"),
    ):
        assert list(by_label[label].get_xdata()) == [getattr(SOFT, field), getattr(HARD, field)]
        assert by_label[label].get_ydata()[0] == 0


def test_kinds_differ_in_shape():
    (axes,) = draw([SOFT]).axes
    shapes = [line.get_marker() for line in axes.get_lines() if line.get_linestyle() == "None"]
    assert len(set(shapes)) == len(shapes) == 4


def test_words_say_on_which_side():
    above, below = describe([SOFT, HARD])
    assert "2.27 nats above log p(x), 3.87 above the discrete ELBO" in above
    assert "0.45 nats below log p(x), 0.05 below the discrete ELBO" in below
