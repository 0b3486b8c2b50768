"""A picture with its read-out, the part that all widgets share."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape

import ipywidgets
from matplotlib.figure import Figure

from vilib.figures.png import to_png
from vilib.figures.style import Style

__all__ = ["Panel", "image_html", "readout_html"]


class Panel:
    """Controls above, picture and read-out below; redrawn when told to.

    Args:
        draw: Makes the figure of the present state in a style.
        describe: Says it in words.
        controls: What stands above the picture.
        style: `light` or `dark`, to begin with.

    Attributes:
        box: The widget to display.
        picture: Holds an `<img>` with alternative text.
        readout: Holds the text, announced by screen readers when it changes.
    """

    def __init__(
        self,
        draw: Callable[[Style], Figure],
        describe: Callable[[], str],
        controls: list[ipywidgets.Widget],
        style: Style = "light",
    ) -> None:
        self.draw, self.describe = draw, describe
        # ipywidgets.Image has no alternative text, an <img> in HTML does
        self.picture, self.readout = ipywidgets.HTML(), ipywidgets.HTML()
        self.dark = ipywidgets.ToggleButton(
            value=style == "dark",
            description="dark",
            tooltip="light or dark picture",
            layout={"width": "5em"},
        )
        self.dark.observe(self.refresh, "value")
        self.controls = ipywidgets.VBox(controls)
        self.box = ipywidgets.VBox([self.controls, self.picture, self.readout, self.dark])
        self.box.add_class("vilib-panel")
        self.refresh()

    def refresh(self, _change: object = None) -> None:
        """Draw the present state and say it."""
        text = self.describe()
        figure = self.draw("dark" if self.dark.value else "light")
        self.picture.value = image_html(to_png(figure), text, int(100 * figure.get_figwidth()))
        self.readout.value = readout_html(text)


def image_html(png: bytes, text: str, width: int) -> str:
    """An `<img>` with its bytes inside and its alternative text.

    Example:
        >>> image_html(b"", "a < b", 900)[-64:]
        'style="max-width:100%;height:auto" src="data:image/png;base64,">'
    """
    # decoded before it is shown, so that the picture does not flicker
    return (
        f'<img alt="{escape(text)}" width="{width}" decoding="sync" '
        f'style="max-width:100%;height:auto" src="data:image/png;base64,{b64encode(png).decode()}">'
    )


def readout_html(text: str) -> str:
    """The text as a live region.

    Example:
        >>> readout_html("a < b")[:39], readout_html("a < b")[-15:]
        ('<div role="status" aria-live="polite" s', '>a &lt; b</div>')
    """
    style = "line-height:1.5;max-width:900px"
    return f'<div role="status" aria-live="polite" style="{style}">{escape(text)}</div>'
