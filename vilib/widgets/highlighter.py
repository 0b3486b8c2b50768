"""The highlighter that answers (unit 04): click a word to force it on, off, or leave it to q."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import highlighter as figure
from vilib.figures.highlight_state import FIVE_CLASSES, Rationale, Sentence, State, annotate
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["Highlighter", "explore", "strip_states"]

# what the next click does, and how a button shows what is
NEXT = {None: True, True: False, False: None}
MARK = {None: "", True: "● ", False: "○ "}


class Highlighter:
    """The shell around `vilib.figures.highlighter`: keeps which words are forced.

    Args:
        sentences: The menu.
        model: Anything that `Rationale` describes.
        class_names: Of the model's classes.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        model: Rationale,
        class_names: tuple[str, ...] = FIVE_CLASSES,
        style: Style = "light",
    ) -> None:
        self.sentences, self.model, self.class_names = sentences, model, class_names
        self.sentence = ipywidgets.Dropdown(
            options=[(" ".join(s.words), i) for i, s in enumerate(sentences)],
            description="review",
            layout={"width": "640px"},
        )
        self.free = ipywidgets.Button(description="free all words", icon="undo")
        hint = ipywidgets.HTML("Click a word: forced on (●), forced off (○), left to q.")
        self.buttons = ipywidgets.HBox(layout={"flex_flow": "row wrap", "max_width": "900px"})
        self.begin()
        top = ipywidgets.HBox([self.sentence, self.free])
        self.panel = Panel(self.draw, self.describe, [top, hint, self.buttons], style)
        self.box = self.panel.box
        self.sentence.observe(self.restart, "value")
        self.free.on_click(self.restart)

    def begin(self) -> None:
        """All words of the chosen sentence free, one button each."""
        words = self.sentences[self.sentence.value].words
        self.forced: list[bool | None] = [None] * len(words)
        self.buttons.children = [self.word_button(i, word) for i, word in enumerate(words)]
        self.update()

    def word_button(self, i: int, word: str) -> ipywidgets.Button:
        """The button of word i."""
        button = ipywidgets.Button(
            description=word, tooltip=f"force “{word}”", layout={"width": "auto"}
        )
        button.on_click(lambda _: self.click(i))
        return button

    def restart(self, _event: object) -> None:
        """Free all words."""
        self.begin()
        self.panel.refresh()

    def click(self, i: int) -> None:
        """Free → on → off → free."""
        self.forced[i] = NEXT[self.forced[i]]
        word = self.sentences[self.sentence.value].words[i]
        self.buttons.children[i].description = MARK[self.forced[i]] + word
        self.update()
        self.panel.refresh()

    def update(self) -> None:
        """Ask the model."""
        chosen = self.sentences[self.sentence.value]
        self.state = annotate(self.model, chosen, self.forced, self.class_names)

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)


def strip_states(sentence: Sentence, model: Rationale, class_names: tuple[str, ...]) -> list[State]:
    """As q reads it; without its likeliest word; with that word alone."""
    free = annotate(model, sentence, class_names=class_names)
    words = range(len(sentence.words))
    top = max(words, key=lambda i: free.probabilities[i])
    without = [False if i == top else None for i in words]
    alone = [i == top for i in words]
    forced = (annotate(model, sentence, f, class_names) for f in (without, alone))
    return [free, *forced]


def explore(
    sentences: Sequence[Sentence],
    model: Rationale,
    class_names: tuple[str, ...] = FIVE_CLASSES,
    style: Style = "light",
) -> None:
    """Show the highlighter: with a button per word in an open notebook, else three states.

    Up to 12 free words the ELBO is exact; longer sentences show it with its standard error.

    Args:
        sentences: What to choose from; the first is shown first.
        model: Anything that `Rationale` describes; a network should be in `eval()`.
        class_names: Names of the model's classes.
        style: `light` or `dark`.

    Raises:
        ValueError: No sentence.
    """
    if not sentences:
        raise ValueError("the highlighter needs at least one sentence")
    if is_live():
        display(Highlighter(sentences, model, class_names, style).box)
        return
    states = strip_states(sentences[0], model, class_names)
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(state) for state in states])
