"""The course's figures with controls: `<name>.explore(...)` shows a widget in an open notebook.

Where nobody can move a slider (grading, a static page) the same call shows a strip of three states
with its text.
"""

from vilib.widgets import (
    collapse_cockpit,
    em_staircase,
    estimator_race,
    gap_meter,
    highlighter,
    latent_map,
    layer_scrubber,
    melting_dice,
)

__all__ = [
    "collapse_cockpit",
    "em_staircase",
    "estimator_race",
    "gap_meter",
    "highlighter",
    "latent_map",
    "layer_scrubber",
    "melting_dice",
]
