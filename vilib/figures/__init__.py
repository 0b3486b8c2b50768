"""The course's figures: each a pure `draw(state)` with a `describe(state)` that says it in words.

- `gap_meter` (unit 01): ELBO + KL = log p(x), whatever q is.
- `em_staircase` (unit 02): the E-step touches log p(x | θ), the M-step jumps.
- `latent_map` (unit 03): where on a plane a picture comes from, and what q says of it.
- `highlighter` (unit 04): which words a rationale model reads, and what they cost.
- `estimator_race` (unit 04): gradient estimators around the exact gradient.
- `melting_dice` (unit 05): what a temperature does to rolls, and to gradients.
- `target_row` (unit 06): U1 to U4 side by side, as maps.
- `layer_scrubber` (unit 06): ruled paper bends towards a target, and the gap layer by layer.
- `collapse_cockpit` (unit 07): what a sentence costs while a VAE is trained, and the entropy.

None needs a front end, none changes matplotlib's settings; `vilib.widgets` makes them move.
"""

from vilib.figures import (
    collapse_cockpit,
    em_staircase,
    estimator_race,
    gap_meter,
    highlighter,
    latent_map,
    layer_scrubber,
    melting_dice,
)
from vilib.figures.png import small_png, to_png
from vilib.figures.strip import strip
from vilib.figures.style import Palette, look, palette

__all__ = [
    "Palette",
    "collapse_cockpit",
    "em_staircase",
    "estimator_race",
    "gap_meter",
    "highlighter",
    "latent_map",
    "layer_scrubber",
    "look",
    "melting_dice",
    "palette",
    "small_png",
    "strip",
    "to_png",
]
