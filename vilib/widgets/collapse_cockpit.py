"""The cockpit that trains (unit 07): draw β, choose cures, train a few seconds, wind back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import collapse_cockpit as figure
from vilib.figures.cockpit_state import State, state_of
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.models.beta_schedule import BetaSchedule
from vilib.models.collapse_experiment import CollapseRun, TextData, train_vae
from vilib.models.collapse_presets import CollapsePreset, Cure
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["CollapseCockpit", "explore", "strip_states"]

SLIDER = {"width": "280px"}


class CollapseCockpit:
    """The shell around `vilib.figures.collapse_cockpit`: chooses a run, winds it, trains new ones.

    Args:
        runs: Name → a finished run to look at.
        train: Maps a name and a cure to the state of a new run.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, runs: Mapping[str, State], train: object, style: Style = "light") -> None:
        self.runs, self.train = dict(runs), train
        self.run = ipywidgets.Dropdown(options=list(self.runs), description="run")
        last = len(self.runs[self.run.value].steps)
        self.shown = ipywidgets.IntSlider(
            last, min=1, max=last, description="moment", readout=False, layout={"width": "420px"}
        )
        self.build_controls()
        rows = [
            ipywidgets.HBox([self.run, self.shown]),
            ipywidgets.HTML("<i>for the next run:</i>"),
            ipywidgets.HBox([self.start, self.warm_up, self.cycles]),
            ipywidgets.HBox([self.end, self.free, self.dropout]),
            ipywidgets.HBox([self.minimum, self.sphere, self.inner]),
            ipywidgets.HBox([self.weak, self.skip, self.button]),
        ]
        self.panel = Panel(self.draw, self.describe, rows, style)
        self.box = self.panel.box
        self.run.observe(self.chosen, "value")
        self.shown.observe(self.wound, "value")
        self.button.on_click(self.fly)

    def build_controls(self) -> None:
        """Four sliders draw the schedule, seven controls choose the cures."""

        def slider(
            value: float, low: float, high: float, step: float, words: str, tip: str
        ) -> object:
            return ipywidgets.FloatSlider(
                value, min=low, max=high, step=step, description=words, tooltip=tip, layout=SLIDER
            )

        self.start = slider(1.0, 0.0, 2.0, 0.1, "first β", "at the start of each cycle")
        self.warm_up = slider(0.0, 0.0, 1.0, 0.05, "rise over", "share of each cycle")
        self.cycles = ipywidgets.IntSlider(1, min=1, max=6, description="cycles", layout=SLIDER)
        self.end = slider(1.0, 0.0, 2.0, 0.1, "last β", "from the end of the rise on")
        self.free = slider(0.0, 0.0, 10.0, 0.5, "free nats", "in all, shared by the dimensions")
        self.dropout = slider(0.0, 0.0, 1.0, 0.1, "drop words", "share of the words")
        self.minimum = slider(0.0, 0.0, 10.0, 0.5, "least rate", "minimum desired rate, nats")
        self.sphere = slider(
            0.0, 0.0, 60.0, 5.0, "sphere κ", "von Mises-Fisher concentration; 0 for a Gaussian"
        )
        self.inner = ipywidgets.IntSlider(
            1, min=1, max=5, description="encoder ×", layout=SLIDER,
            tooltip="steps of the encoder for one of the decoder, over the first fifth of the run",
        )  # fmt: skip
        check = {"indent": False, "layout": {"width": "130px"}}
        self.weak = ipywidgets.Checkbox(False, description="weak decoder", **check)
        self.skip = ipywidgets.Checkbox(False, description="skip", **check)
        self.button = ipywidgets.Button(
            description="train", button_style="primary", tooltip="a few seconds"
        )

    @property
    def state(self) -> State:
        """The chosen run, as far as the slider says."""
        return replace(self.runs[self.run.value], shown=self.shown.value)

    @property
    def cure(self) -> Cure:
        """What the controls say."""
        return Cure(
            beta=BetaSchedule(
                self.start.value, self.warm_up.value, self.cycles.value, self.end.value
            ),
            free_nats=self.free.value,
            minimum_rate=self.minimum.value,
            word_dropout=self.dropout.value,
            memory=not self.weak.value,
            skip=self.skip.value,
            concentration=self.sphere.value,
            encoder_steps=self.inner.value,
        )

    def chosen(self, _change: object) -> None:
        """Another run: show all of it."""
        last = len(self.runs[self.run.value].steps)
        self.shown.max = last
        if self.shown.value == last:
            self.panel.refresh()
        self.shown.value = last

    def wound(self, _change: object) -> None:
        """The moment was moved."""
        self.panel.refresh()

    def fly(self, _button: object) -> None:
        """Train with what the controls say; the new run joins the menu and is shown."""
        self.button.disabled, self.button.description = True, "training …"
        try:
            cure = self.cure
            name = f"{len(self.runs) + 1} · {in_words(cure)}"
            self.runs[name] = self.train(name, cure)
            # new options put the menu back to the first of them: that is nobody's choice
            self.run.unobserve(self.chosen, "value")
            self.run.options = list(self.runs)
            self.run.observe(self.chosen, "value")
            self.run.value = name
        finally:
            self.button.disabled, self.button.description = False, "train"

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)


def in_words(cure: Cure) -> str:
    """A cure in a few words, the name of its run.

    Example:
        >>> in_words(Cure()), in_words(Cure(free_nats=5.0, skip=True))
        ('plain', '5 free nats, skip')
        >>> in_words(Cure(beta=BetaSchedule(0.0, 0.5, 4)))
        'β 0 to 1 over .5, 4 times'
    """
    beta, words = cure.beta, []
    if beta.warm_up and beta.start != beta.end:
        times = f", {beta.cycles} times" if beta.cycles > 1 else ""
        share = f"{beta.warm_up:.2g}".lstrip("0")
        words.append(f"β {beta.start:g} to {beta.end:g} over {share}{times}")
    elif beta.end != 1:
        words.append(f"β {beta.end:g}")
    if cure.free_nats:
        words.append(f"{cure.free_nats:g} free nats")
    if cure.minimum_rate:
        words.append(f"rate at least {cure.minimum_rate:g}")
    if cure.word_dropout:
        words.append(f"{cure.word_dropout:.0%} of words dropped")
    if cure.concentration:
        words.append(f"sphere κ {cure.concentration:g}")
    if cure.encoder_steps > 1:
        words.append(f"{cure.encoder_steps} encoder steps")
    words += ["weak decoder"] * (not cure.memory) + ["skip"] * cure.skip
    return ", ".join(words) or "plain"


def strip_states(runs: Mapping[str, State]) -> list[State]:
    """Three runs at their ends: the first, the one with the highest rate, and the dearest other."""
    names = list(runs)
    rest = sorted(names[1:], key=lambda name: -runs[name].rates[-1])
    return [runs[name] for name in (names[0], *rest[:2])]


def explore(
    runs: Mapping[str, CollapseRun],
    data: TextData,
    preset: CollapsePreset,
    entropy: float,
    control: float,
    seed: int = 1,
    style: Style = "light",
) -> None:
    """Show the cockpit: with controls and a button that trains in an open notebook, else a strip.

    Args:
        runs: Name → a finished run.
        data: What new runs are trained on.
        preset: How.
        entropy: Of the language, in nats a sentence; NaN where it is not known.
        control: −log p(x) of the language model without a code, in nats.
        seed: Of new runs.
        style: `light` or `dark`.

    Raises:
        ValueError: No run.
    """
    if not runs:
        raise ValueError("the cockpit needs at least one run")

    def seen(name: str, run: CollapseRun) -> State:
        return state_of(name, list(run.history), preset.stretch, preset.code_size, entropy, control)

    def train(name: str, cure: Cure) -> State:
        return seen(name, train_vae(data, cure, preset, seed=seed, name=name, progress=False))

    states = {name: seen(name, run) for name, run in runs.items()}
    if is_live():
        display(CollapseCockpit(states, train, style).box)
        return
    shown = strip_states(states)
    still = strip(shown, figure.paint, figure.height, style)
    show_still(still, [figure.describe(state) for state in shown])
