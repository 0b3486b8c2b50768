"""A figure that does not move, with its text: what a graded or printed notebook shows."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures.png import small_png

__all__ = ["show_still"]


def show_still(figure: Figure, texts: Sequence[str]) -> None:
    """Show a figure as a small PNG with its alternative text, and print the text.

    Outside IPython only the text is printed.

    Args:
        figure: Usually a strip of states.
        texts: One line per state.

    Example:
        >>> show_still(Figure(figsize=(1, 1)), ["an empty square"])
        an empty square
    """
    text = "\n".join(texts)
    if get_ipython() is not None:
        png = b64encode(small_png(figure)).decode()
        # nbconvert and Sphinx read the alternative text from the output's metadata
        display(
            {"image/png": png, "text/plain": text}, raw=True, metadata={"image/png": {"alt": text}}
        )
    print(text)
