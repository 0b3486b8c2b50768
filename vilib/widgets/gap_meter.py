"""The gap meter that moves (unit 01): sliders for q, a menu of targets, "fit it for me"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor, log10

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.datasets import targets
from vilib.figures import gap_meter as figure
from vilib.figures.gap_fit import fit
from vilib.figures.gap_state import Direction, State, Target, window
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["GapMeter", "explore", "strip_states"]

WIDE = {"width": "440px"}
# the mean as fine as it is printed; the scale in decades, about 2 %
MEAN_STEP, SCALE_STEP = 0.01, 0.01
# less than half a step is the slider's rounding and not somebody's hand
ROUNDING = 0.499


class GapMeter:
    """The shell around `vilib.figures.gap_meter`: reads the controls, holds no mathematics.

    Args:
        start: Where the sliders stand first.
        targets: The menu.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, start: State, targets: Sequence[Target], style: Style = "light") -> None:
        self.targets = {target.name: target for target in targets}
        self.target = ipywidgets.Dropdown(options=list(self.targets), description="target")
        self.direction = ipywidgets.ToggleButtons(
            options=[("reverse KL(q‖p)", "reverse"), ("forward KL(p‖q)", "forward")],
            style={"button_width": "10em"},
        )
        self.fit = ipywidgets.Button(
            description="fit it for me",
            button_style="primary",
            tooltip="gradient ascent on the ELBO, or, forward, matching p's mean and variance",
        )
        self.target.value, self.direction.value = start.target.name, start.direction
        self.sliders = ipywidgets.HBox()
        self.show(start)
        row = ipywidgets.HBox([self.target, self.direction, self.fit])
        self.panel = Panel(self.draw, self.describe, [row, self.sliders], style)
        self.box = self.panel.box
        self.direction.observe(self.turn, "value")
        self.target.observe(self.retarget, "value")
        self.fit.on_click(self.animate)

    def show(self, state: State) -> None:
        """Take a state, with new sliders for it.

        A slider answers with its value rounded to its step, and late, from another thread: old
        sliders with new ends would send back what they showed before.
        """
        self.state, self.fitting = state, False
        low, high = window(state.target)
        # the browser counts steps from the lower end: it must be a multiple of the step itself
        ends = {
            "min": floor(low / MEAN_STEP) * MEAN_STEP,
            "max": ceil(high / MEAN_STEP) * MEAN_STEP,
        }
        self.mean = ipywidgets.FloatSlider(
            state.mean, **ends, step=MEAN_STEP, description="mean", layout=WIDE
        )
        self.scale = ipywidgets.FloatLogSlider(
            state.scale,
            min=log10((high - low) / 200),
            max=log10((high - low) / 4),
            step=SCALE_STEP,
            readout_format=".2f",
            description="scale",
            layout=WIDE,
        )
        for slider in (self.mean, self.scale):
            slider.observe(self.moved, "value")
        self.sliders.children = (self.mean, self.scale)

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)

    def moved(self, change: dict[str, object]) -> None:
        """A slider was moved by hand: further than rounding to its step would move it."""
        if self.fitting or change["owner"] not in (self.mean, self.scale):
            return
        mean, scale = self.mean.value, self.scale.value
        by_mean = abs(mean - self.state.mean) / MEAN_STEP
        by_scale = abs(log10(scale / self.state.scale)) / SCALE_STEP
        if by_mean > ROUNDING:
            self.state = replace(self.state, mean=mean)
        if by_scale > ROUNDING:
            self.state = replace(self.state, scale=scale)
        if max(by_mean, by_scale) > ROUNDING:
            self.panel.refresh()

    def turn(self, change: dict[str, object]) -> None:
        """The other KL."""
        self.state = replace(self.state, direction=change["new"])
        self.panel.refresh()

    def retarget(self, change: dict[str, object]) -> None:
        """Another target: start anew."""
        self.show(beginning(self.targets[change["new"]], self.state.direction))
        self.panel.refresh()

    def animate(self, _button: object) -> None:
        """Show the way to the best q."""
        self.fit.disabled = self.fitting = True
        # a control that is moved now would be thrown back by the next frame
        controls = (self.mean, self.scale, self.target, self.direction)
        for control in controls:
            control.disabled = True
        for state in fit(self.state):
            self.state = state
            self.mean.value, self.scale.value = state.mean, state.scale
            self.panel.refresh()
        self.show(self.state)
        self.fit.disabled = self.target.disabled = self.direction.disabled = False


def beginning(target: Target, direction: Direction = "reverse") -> State:
    """A narrow q, left of the middle of what is drawn: never the best one."""
    low, high = window(target)
    return State(target, low + 0.3 * (high - low), (high - low) / 15, direction)


def strip_states(start: State, last: Target) -> list[State]:
    """The start; then for the last target the best q for the reverse and for the forward KL."""
    ways: tuple[Direction, Direction] = ("reverse", "forward")
    return [start] + [fit(beginning(last, direction))[-1] for direction in ways]


def explore(
    target: Target | Sequence[Target] | None = None,
    mean: float | None = None,
    scale: float | None = None,
    direction: Direction = "reverse",
    style: Style = "light",
) -> None:
    """Show the gap meter: with sliders in a notebook that is open, else as a strip of three states.

    Args:
        target: One target, several for the menu, or None for those of `vilib.datasets.targets`.
        mean: Where q's mean starts; by default left of the middle.
        scale: Where q's standard deviation starts; by default narrow.
        direction: Of the KL that is taken apart first.
        style: `light` or `dark`.

    Raises:
        ValueError: `scale` is not positive, or `direction` is neither `reverse` nor `forward`.
    """
    choice = menu(target)
    start = beginning(choice[0], direction)
    start = replace(
        start,
        mean=start.mean if mean is None else mean,
        scale=start.scale if scale is None else scale,
    )
    if is_live():
        display(GapMeter(start, choice, style).box)
        return
    states = strip_states(start, choice[-1])
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(state) for state in states])


def menu(target: Target | Sequence[Target] | None) -> list[Target]:
    """One target or several as a list."""
    if target is None:
        return list(targets().values())
    return [target] if hasattr(target, "log_joint") else list(target)
