"""What a training objective promises, and what a discrete code keeps (unit 05).

One row per model, on one axis of nats: the objective, the discrete ELBO of the same pictures, the
ELBO of new ones, and log p(x), which no lower bound can pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vilib.figures.style import Style, look

__all__ = ["Promise", "describe", "draw"]


@dataclass(frozen=True)
class Promise:
    """A trained model, in nats per picture.

    Attributes:
        name: Of its estimator.
        objective: What was maximised, on the training pictures.
        train_elbo: Discrete ELBO of the training pictures.
        train_log_evidence: log p(x) of the training pictures.
        test_elbo: Discrete ELBO of the test pictures.
    """

    name: str
    objective: float
    train_elbo: float
    train_log_evidence: float
    test_elbo: float


def draw(rows: Sequence[Promise], style: Style = "light") -> Figure:
    """One line of markers per model; they differ in shape, so that grey tells them apart.

    Args:
        rows: From above to below.
        style: `light` or `dark`.
    """
    with look(style) as colours:
        figure = Figure(figsize=(9.0, 1.15 + 0.45 * len(rows)))
        left, low = 0.24, 0.6 / figure.get_figheight()
        height = 1 - low - 0.45 / figure.get_figheight()
        axes = figure.add_axes((left, low, 0.97 - left, height))
        places = range(len(rows))
        for place, row in zip(places, rows):
            ends = (min(row.test_elbo, row.train_elbo), max(row.objective, row.train_log_evidence))
            axes.plot(ends, (place, place), color=colours.grid, linewidth=1.0, zorder=1)
        kinds = (
            ("log p(x), train", "|", colours.ink, "train_log_evidence"),
            ("objective, train", "o", colours.paper, "objective"),
            ("ELBO, train", "s", colours.truth, "train_elbo"),
            ("ELBO, test", "D", colours.guess, "test_elbo"),
        )
        for label, marker, face, field in kinds:
            mark(axes, [getattr(row, field) for row in rows], marker, face, colours.ink, label)
        axes.set_yticks(places, [row.name for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.margins(x=0.06)
        axes.set_xlabel("nats per picture")
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, frameon=False)
    return figure


def mark(
    axes: Axes, values: Sequence[float], marker: str, face: str, edge: str, label: str
) -> None:
    """One kind of marker in all rows."""
    axes.plot(
        values,
        range(len(values)),
        linestyle="",
        marker=marker,
        markersize={"|": 17.0, "o": 13.0}.get(marker, 8.5),
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=3.0 if marker == "|" else 1.4,
        zorder=2 if marker == "|" else 3,
        label=label,
    )


def describe(rows: Sequence[Promise]) -> list[str]:
    """One line per model: where the objective lies beside what it should not pass.

    Example:
        >>> describe([Promise("soft", -20.6, -24.4, -22.9, -25.9)])
        ['soft: the objective lies 2.30 nats above log p(x), 3.80 above the discrete ELBO']
    """
    return [
        f"{row.name}: the objective lies "
        f"{beside(row.objective - row.train_log_evidence)} log p(x), "
        f"{beside(row.objective - row.train_elbo, unit='')} the discrete ELBO"
        for row in rows
    ]


def beside(difference: float, unit: str = " nats") -> str:
    """How far above or below.

    Example:
        >>> beside(-0.5)
        '0.50 nats below'
    """
    return f"{abs(difference):.2f}{unit} {'above' if difference > 0 else 'below'}"
