"""The course's figures: each a pure `draw(state)` with a `describe(state)` that says it in words.

- `gap_meter` (unit 01): ELBO + KL = log p(x), whatever q is.
- `highlighter` (unit 04): which words a rationale model reads, and what they cost.
- `estimator_race` (unit 04): gradient estimators around the exact gradient.

None needs a front end, none changes matplotlib's settings; `vilib.widgets` makes them move.
"""

from vilib.figures import estimator_race, gap_meter, highlighter
from vilib.figures.png import small_png, to_png
from vilib.figures.strip import strip
from vilib.figures.style import Palette, look, palette

__all__ = [
    "Palette",
    "estimator_race",
    "gap_meter",
    "highlighter",
    "look",
    "palette",
    "small_png",
    "strip",
    "to_png",
]
