"""Where the texts of a figure stand: inside it, and not on one another."""

from itertools import combinations

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# pixels by which two boxes may meet: a box is a little larger than its letters
SLACK = 1.0


def texts(figure):
    """Text that is drawn, with its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    unseen = {id(label) for axis in figure.findobj(Axis) for label in not_drawn(axis)}
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and id(text) not in unseen:
            yield text.get_text(), text.get_window_extent(canvas.get_renderer())


def not_drawn(axis):
    """Labels of ticks beyond the ends of their axis, and of an axis that is switched off."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
        if not (axis.axes.axison and low - slack <= tick.get_loc() <= high + slack):
            yield from (tick.label1, tick.label2)


def crossing(a, b):
    """Whether two boxes share more than the slack in both directions."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return width > SLACK and height > SLACK


def faults(figure):
    """What is wrong with the layout, one line each."""
    found = list(texts(figure))
    edge = Bbox.from_bounds(-SLACK, -SLACK, *(figure.bbox.size + 2 * SLACK))
    for words, box in found:
        if not (edge.contains(box.x0, box.y0) and edge.contains(box.x1, box.y1)):
            yield f"{words!r} leaves the figure"
    for (one, a), (other, b) in combinations(found, 2):
        if crossing(a, b):
            yield f"{one!r} lies on {other!r}"
