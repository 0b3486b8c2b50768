"""The sentence of the highlighter: words in lines, each with its stroke and its number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.textpath import text_to_path

from vilib.figures.highlight_state import State
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["Lines", "arrange", "paint_words"]

# in inches
MARGIN, SPACE, LINE, HEAD = 0.3, 0.17, 0.62, 0.42
NARROWEST, THICKEST = 0.34, 0.12
SIZE = 14.0

# left edge, baseline and width of a word
Place = tuple[float, float, float]


class Lines(NamedTuple):
    """Where the words stand, in inches from the upper left corner.

    Attributes:
        left: Left edge of each word.
        width: Its width.
        row: Its line, from 0.
        height: Height of all lines together.
    """

    left: tuple[float, ...]
    width: tuple[float, ...]
    row: tuple[int, ...]
    height: float


@lru_cache(maxsize=4096)
def text_width(word: str) -> float:
    """Width of a word in inches."""
    font = FontProperties(family="DejaVu Sans", size=SIZE)
    # a dollar sign is money here, not mathematics
    return text_to_path.get_text_width_height_descent(word, font, ismath=False)[0] / 72


@lru_cache(maxsize=256)
def arrange(words: Sequence[str], width: float) -> Lines:
    """Break the sentence into lines of at most `width` inches.

    Example:
        >>> arrange(("a", "b"), 9.0).row
        (0, 0)
    """
    lefts, widths, rows = [], [], []
    x, row = MARGIN, 0
    for word in words:
        wide = max(text_width(word), NARROWEST)
        if x + wide > width - MARGIN and x > MARGIN:
            x, row = MARGIN, row + 1
        lefts.append(x)
        widths.append(wide)
        rows.append(row)
        x += wide + SPACE
    return Lines(tuple(lefts), tuple(widths), tuple(rows), HEAD + (row + 1) * LINE)


def paint_words(axes: Axes, state: State, lines: Lines, width: float, colours: Palette) -> None:
    """All words on axes of `width` inches, measured in inches, y downwards."""
    axes.set_xlim(0, width)
    axes.set_ylim(lines.height, 0)
    axes.axis("off")
    axes.text(MARGIN, 0.22, "stroke and number: q(word is marked)", color=colours.muted, size=9.5)
    places = [(x, HEAD + 0.26 + row * LINE, w) for x, w, row in zip(*lines[:3])]
    paint_strokes(axes, places, [0.1] * len(places), colours.grid, "tracks")
    paint_strokes(axes, places, state.probabilities, colours.guess, "strokes")
    for place, word, q, forced in zip(places, state.words, state.probabilities, state.forced):
        paint_word(axes, place, word, q, forced, colours)


def paint_strokes(
    axes: Axes, places: Sequence[Place], share: Sequence[float], colour: str, gid: str
) -> None:
    """A bar under each word, as high as its share of the thickest."""
    boxes = [(x, x + w, y + 0.07, y + 0.07 + s * THICKEST) for (x, y, w), s in zip(places, share)]
    corners = [[(a, top), (b, top), (b, low), (a, low)] for a, b, top, low in boxes]
    axes.add_collection(PolyCollection(corners, facecolor=colour, linewidth=0, gid=gid))


def paint_word(
    axes: Axes, place: Place, word: str, q: float, forced: bool | None, colours: Palette
) -> None:
    """One word and its number, and a mark if it is forced."""
    x, y, width = place
    middle, centred = x + width / 2, {"ha": "center", "va": "baseline", "parse_math": False}
    axes.text(middle, y, word, size=SIZE, **centred)
    cue = number(q) if forced is None else ("on" if forced else "off")
    weight = "normal" if forced is None else "bold"
    axes.text(middle, y + 0.315, cue, size=8.5, color=colours.muted, weight=weight, **centred)
    if forced is not None:
        axes.add_patch(frame(x, y, width, colours))
    if forced is False:
        axes.plot([x, x + width], [y - 0.06, y - 0.06], color=colours.ink, linewidth=1.6)


def frame(x: float, y: float, width: float, colours: Palette) -> FancyBboxPatch:
    """The outline that says "forced"."""
    return FancyBboxPatch(
        (x - 0.045, y - 0.2),
        width + 0.09,
        0.54,
        boxstyle="round,pad=0,rounding_size=0.06",
        facecolor="none",
        edgecolor=colours.ink,
        linewidth=1.3,
    )
