"""The highlighter of unit 04: a sentence as the model reads it.

Under each word lies a stroke whose thickness is q(z_i = 1), with the number below. Beneath the
sentence: what the selected words predict, and the ELBO as what they explain less what they cost.
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.highlight_panels import paint_classes, paint_ledger
from vilib.figures.highlight_state import FIVE_CLASSES, Rationale, Sentence, State, annotate
from vilib.figures.highlight_words import arrange, paint_words
from vilib.figures.number import number
from vilib.figures.style import Palette, Style, look

__all__ = [
    "FIVE_CLASSES",
    "Rationale",
    "Sentence",
    "State",
    "annotate",
    "describe",
    "draw",
    "height",
    "paint",
]

WIDTH = 9.0
PANELS = 2.15


def draw(state: State, style: Style = "light") -> Figure:
    """The highlighter as a figure, 900 pixels wide and as high as the sentence needs.

    Args:
        state: From `annotate`.
        style: `light` or `dark`.
    """
    with look(style) as colours:
        figure = Figure(figsize=(WIDTH, height(state)))
        paint(figure, state, colours)
    return figure


def height(state: State) -> float:
    """How many inches the picture of this sentence is high."""
    with look():
        return PANELS + arrange(state.words, WIDTH).height


def paint(figure: FigureBase, state: State, colours: Palette) -> None:
    """Put the highlighter on a figure, or on a part of one, of `height(state)` inches."""
    lines = arrange(state.words, WIDTH)
    total = PANELS + lines.height
    words = figure.add_axes((0, PANELS / total, 1, lines.height / total))
    paint_words(words, state, lines, WIDTH, colours)
    bottom, tall = 0.55 / total, 1.2 / total
    paint_classes(figure.add_axes((0.14, bottom, 0.24, tall)), state, colours)
    paint_ledger(figure.add_axes((0.61, bottom, 0.305, tall)), state, colours)


def describe(state: State) -> str:
    """The highlighter in words: the ELBO, the prediction, and what is selected.

    Example:
        >>> print(describe(State(("not", "bad"), (0.9, 1.0), (None, True), (0.2, 0.8), 1, -0.25,
        ...     3.0, 0.15, ("negative", "positive"))))
        ELBO −3.25 = log-likelihood −0.25 − KL 3.00 nats. Predicted: positive 0.80 (gold: \
positive). Marked: not 0.90, bad on.
    """
    likelihood, kl = round(state.log_likelihood, 2), round(state.rate, 2)
    sampled = f" (± {number(state.standard_error)})" if state.standard_error else ""
    parts = f"log-likelihood {number(likelihood)} − KL {number(kl)}"
    elbo = f"ELBO {number(likelihood - kl)}{sampled} = {parts}"
    best = max(range(len(state.class_names)), key=lambda k: state.class_probabilities[k])
    predicted = f"{state.class_names[best]} {number(state.class_probabilities[best])}"
    gold = state.class_names[state.label]
    return f"{elbo} nats. Predicted: {predicted} (gold: {gold}). Marked: {selected(state)}."


def selected(state: State) -> str:
    """The words that are on, or likelier on than off, with their probability."""
    words = [
        f"{word} on" if forced else f"{word} {number(q)}"
        for word, q, forced in zip(state.words, state.probabilities, state.forced)
        if q >= 0.5
    ]
    off = [f"{word} off" for word, f in zip(state.words, state.forced) if f is False]
    return ", ".join(words + off) or "nothing"
