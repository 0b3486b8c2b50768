"""The layer scrubber that moves (unit 06): a slider over layers, a menu of flows."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import layer_scrubber as figure
from vilib.figures.scrubber_state import State, Walk
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["LayerScrubber", "explore", "strip_states"]


class LayerScrubber:
    """The shell around `vilib.figures.layer_scrubber`: reads the controls, holds no mathematics.

    Args:
        walks: The menu of flows.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, walks: Sequence[Walk], style: Style = "light") -> None:
        self.walks = {walk.name: walk for walk in walks}
        self.state = State(walks[0])
        self.flow = ipywidgets.Dropdown(options=list(self.walks), description="flow")
        self.layer = ipywidgets.IntSlider(
            0, min=0, max=walks[0].num_layers, description="layers", layout={"width": "440px"}
        )
        row = ipywidgets.HBox([self.flow, self.layer])
        self.panel = Panel(self.draw, self.describe, [row], style)
        self.box = self.panel.box
        self.flow.observe(self.choose, "value")
        self.layer.observe(self.moved, "value")

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)

    def moved(self, change: dict[str, object]) -> None:
        """The slider was moved; what it says late about another flow is not heard."""
        layer = int(change["new"])
        if layer != self.state.layer and layer <= self.state.walk.num_layers:
            self.state = State(self.state.walk, layer)
            self.panel.refresh()

    def choose(self, change: dict[str, object]) -> None:
        """Another flow, after as many layers as the one before it, or all that it has."""
        walk = self.walks[change["new"]]
        layer = min(self.state.layer, walk.num_layers)
        self.state = State(walk, layer)
        self.layer.value, self.layer.max = layer, walk.num_layers
        self.panel.refresh()


def strip_states(walks: Sequence[Walk]) -> list[State]:
    """The first flow before its first layer, half way, and at its end."""
    first = walks[0]
    layers = sorted({0, (first.num_layers + 1) // 2, first.num_layers})
    return [State(first, layer) for layer in layers]


def explore(walks: Walk | Sequence[Walk], style: Style = "light") -> None:
    """Show the layer scrubber: with a slider in an open notebook, else as a strip of three states.

    Args:
        walks: One flow or several for the menu, each of `vilib.figures.scrubber_state.walk`.
        style: `light` or `dark`.

    Raises:
        ValueError: There is no flow.
    """
    choice = [walks] if isinstance(walks, Walk) else list(walks)
    if not choice:
        raise ValueError("there is no flow to show")
    if is_live():
        display(LayerScrubber(choice, style).box)
        return
    states = strip_states(choice)
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(state) for state in states])
