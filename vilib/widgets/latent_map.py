"""The latent map that moves (unit 03): click a tile or move two sliders, choose a sheet and a q."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import latent_map as figure
from vilib.figures.latent_map import MAP, TILES
from vilib.figures.latent_map_plane import PlaneModel
from vilib.figures.latent_map_state import EDGE, State
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["LatentMap", "explore", "strip_states"]

STEP = 0.05
# the buttons lie on the picture's map, in shares of the picture, so that they follow its size
CSS = """<style>
.vilib-clickable {{ position: relative; width: fit-content; max-width: 100%; overflow: visible }}
.vilib-tiles {{ position: absolute; left: {left}%; top: {top}%; width: {width}%; height: {height}%;
  display: grid; grid-template: repeat({n}, 1fr) / repeat({n}, 1fr); gap: 0; overflow: hidden }}
.vilib-tiles button.vilib-tile {{ width: auto; height: auto; min-width: 0; margin: 0; padding: 0;
  background: transparent; border: 0; box-shadow: none; cursor: crosshair }}
.vilib-tiles button.vilib-tile:hover {{ outline: 2px solid #e06c1f; outline-offset: -2px }}
</style>"""


class LatentMap:
    """The shell around `vilib.figures.latent_map`: reads the controls, holds no mathematics.

    Args:
        start: Where the controls stand first.
        pictures: The menu of sheets.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, start: State, pictures: Sequence[int], style: Style = "light") -> None:
        self.state, self.silent = start, False
        options = [(label(start.plane, picture), picture) for picture in pictures]
        self.picture = ipywidgets.Dropdown(
            options=options, value=start.picture, description="sheet"
        )
        self.whose = ipywidgets.ToggleButtons(
            options=[("the encoder's q", False), ("refined", True)], value=start.refined
        )
        self.sliders = [
            ipywidgets.FloatSlider(
                value, min=-EDGE, max=EDGE, step=STEP, description=name, layout={"width": "440px"}
            )
            for name, value in zip(("z₁", "z₂"), start.z, strict=True)
        ]
        rows = [ipywidgets.HBox([self.picture, self.whose]), ipywidgets.HBox(self.sliders)]
        self.panel = Panel(self.draw, self.describe, rows, style)
        self.box = self.panel.box
        self.tiles = tiles()
        for row, line in enumerate(self.tiles):
            for column, button in enumerate(line):
                button.on_click(lambda _, at=(row, column): self.click(*at))
        self.box.children = tuple(
            self.clickable() if child is self.panel.picture else child
            for child in self.box.children
        )
        self.picture.observe(self.choose, "value")
        self.whose.observe(self.choose, "value")
        for slider in self.sliders:
            slider.observe(self.moved, "value")

    def clickable(self) -> ipywidgets.Box:
        """The picture with a button on each tile of its map."""
        grid = ipywidgets.Box([button for line in self.tiles for button in line])
        grid.add_class("vilib-tiles")
        left, bottom, width, height = (100 * share for share in MAP)
        places = {"left": left, "top": 100 - bottom - height, "width": width, "height": height}
        css = ipywidgets.HTML(CSS.format(**places, n=TILES), layout={"display": "none"})
        whole = ipywidgets.Box([css, self.panel.picture, grid])
        whole.add_class("vilib-clickable")
        return whole

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)

    def choose(self, _change: object) -> None:
        """Another sheet, or another q."""
        self.state = replace(self.state, picture=self.picture.value, refined=self.whose.value)
        self.panel.refresh()

    def moved(self, _change: object) -> None:
        """A slider was moved by hand."""
        if not self.silent:
            self.go(self.sliders[0].value, self.sliders[1].value)

    def click(self, row: int, column: int) -> None:
        """A tile was clicked: z goes to its middle, and the sliders with it."""
        z = centre(column), -centre(row)
        self.silent = True
        for slider, value in zip(self.sliders, z, strict=True):
            # a step of the slider's own: a front end rounds anything else and sends it back
            slider.value = round(STEP * round(value / STEP), 2)
        self.silent = False
        self.go(*z)

    def go(self, *z: float) -> None:
        """Put z somewhere and draw, unless a slider only echoes where it is."""
        if max(abs(a - b) for a, b in zip(z, self.state.z, strict=True)) > 0.499 * STEP:
            self.state = replace(self.state, z=z)
            self.panel.refresh()


def centre(index: int) -> float:
    """Coordinate of a tile's middle, counted from the left.

    Example:
        >>> centre(TILES // 2), f"{centre(0):.2f}"
        (0.0, '-2.73')
    """
    return 2 * EDGE * (2 * index + 1 - TILES) / (2 * TILES)


def tiles() -> list[list[ipywidgets.Button]]:
    """One transparent button per tile, rows from above; keys reach z by the sliders instead."""
    layout, look = ipywidgets.Layout(), ipywidgets.ButtonStyle()
    grid = []
    for row in range(TILES):
        line = []
        for column in range(TILES):
            where = f"z = ({centre(column):.2f}, {-centre(row):.2f})"
            button = ipywidgets.Button(tooltip=where, layout=layout, style=look, tabbable=False)
            button.add_class("vilib-tile")
            line.append(button)
        grid.append(line)
    return grid


def label(plane: PlaneModel, picture: int) -> str:
    """A sheet's line in the menu."""
    shown = int(plane.labels[picture])
    return f"sheet {picture + 1}" + (f" (a {shown})" if shown >= 0 else "")


def menu(plane: PlaneModel) -> list[int]:
    """The three pictures that the encoder misjudges most, then the first nine others."""
    gap = plane.evidence - plane.elbo(plane.q)
    widest = gap.argsort(descending=True)[:3].tolist()
    return widest + [b for b in range(len(gap)) if b not in widest][:9]


def strip_states(plane: PlaneModel) -> list[State]:
    """The picture with the widest gap under both q, and an ordinary one, each z at q's mean."""
    first, *_, last = menu(plane)
    states = [State(plane, first), State(plane, first, refined=True), State(plane, last)]
    return [replace(state, z=mean(state)) for state in states]


def mean(state: State) -> tuple[float, float]:
    """The mean of q, within the map."""
    a, b = state.q.mean.clamp(-EDGE, EDGE).tolist()
    return a, b


def explore(
    plane: PlaneModel, pictures: Sequence[int] | None = None, style: Style = "light"
) -> None:
    """Show the latent map: with controls in an open notebook, else as a strip of three states.

    Args:
        plane: The model and its pictures.
        pictures: Which ones are in the menu, from 0; by default the three with the widest gap and
            the first nine others.
        style: `light` or `dark`.
    """
    if is_live():
        choice = list(pictures) if pictures is not None else menu(plane)
        display(LatentMap(State(plane, choice[0]), choice, style).box)
        return
    states = strip_states(plane)
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(state) for state in states])
