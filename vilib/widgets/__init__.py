"""The course's figures with controls: `<name>.explore(...)` shows a widget in an open notebook.

Where nobody can move a slider (grading, a static page) the same call shows a strip of three states
with its text.
"""

from vilib.widgets import estimator_race, gap_meter, highlighter

__all__ = ["estimator_race", "gap_meter", "highlighter"]
