"""What lies under the highlighted sentence: the predicted classes, and the ELBO as a ledger."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vilib.figures.highlight_state import State
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["paint_classes", "paint_ledger"]


def paint_classes(axes: Axes, state: State, colours: Palette) -> None:
    """One bar per class; the gold class is hatched and named."""
    names = list(state.class_names)
    bars = axes.barh(
        range(len(names)), state.class_probabilities, height=0.72, color=colours.elbo, linewidth=0
    )
    bars[state.label].set(hatch="xxx", edgecolor=colours.ink, linewidth=0.8)
    for k, p in enumerate(state.class_probabilities):
        gold = "  ◀ gold" if k == state.label else ""
        axes.text(p + 0.02, k, number(p) + gold, va="center", size=9)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1])
    axes.tick_params(axis="y", length=0)
    axes.set_title("what the marked words predict")
    axes.set_xlabel("E[p(y|x,z)]", size=9)


def paint_ledger(axes: Axes, state: State, colours: Palette) -> None:
    """Two steps down from zero: what is not explained, what the words cost; their sum."""
    likelihood, kl, elbo = state.log_likelihood, state.rate, state.elbo
    style = {"height": 0.62, "edgecolor": colours.ink, "linewidth": 0.8}
    axes.barh(0, likelihood, color=colours.truth, **style)
    axes.barh(1, -kl, left=likelihood, facecolor=colours.gap, hatch="////", **style)
    axes.barh(2, elbo, color=colours.elbo, **style)
    axes.set_yticks([0, 1, 2], ["E[log p(y|x,z)]", "− KL(q‖prior)", "ELBO"])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(2.5, -0.5)
    axes.set_xlim(-4 * max(1, math.ceil(-elbo / 4)), 0)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.spines[["left"]].set_visible(False)
    axes.spines[["right"]].set_visible(True)
    values = round(likelihood, 2), -round(kl, 2), round(likelihood, 2) - round(kl, 2)
    for row, value in enumerate(values):
        axes.text(
            1.02, row, number(value), va="center", transform=axes.get_yaxis_transform(), size=10
        )
    about = "exact" if not state.standard_error else f"± {number(state.standard_error)}"
    axes.set_title(f"ELBO in nats ({about})")
    axes.set_xlabel(f"a word marked for certain costs {number(state.price)}", size=9)
