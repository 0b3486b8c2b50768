"""The look of the course's figures, light and dark, without touching matplotlib's settings.

The two looks are matplotlib style files beside this module. `look` holds one for the time of a
`with` block; nothing is changed by importing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Literal

import matplotlib
from matplotlib import RcParams

__all__ = ["Palette", "Style", "look", "palette"]

Style = Literal["light", "dark"]

# matplotlib's settings belong to the process, and widgets may be answered by several threads
DRAWING = RLock()


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean, as `#rrggbb`.

    Attributes:
        paper: Background.
        ink: Text and outlines.
        muted: Ticks and remarks.
        grid: Reference lines that should hardly be seen.
        truth: What is exact: p(z|x), the exact gradient.
        guess: What is tried: q, an estimate.
        elbo: The ELBO.
        gap: The KL that is missing.
    """

    paper: str
    ink: str
    muted: str
    grid: str
    truth: str
    guess: str
    elbo: str
    gap: str


@lru_cache
def settings(style: Style) -> RcParams:
    """What the style file sets, read once."""
    path = Path(__file__).with_name(f"{style}.mplstyle")
    if not path.exists():
        raise ValueError(f"style must be 'light' or 'dark', got {style!r}")
    return matplotlib.rc_params_from_file(path, use_default_template=False)


@lru_cache
def palette(style: Style = "light") -> Palette:
    """The colours of one look, read from its style file.

    Raises:
        ValueError: There is no such style.

    Example:
        >>> palette("light").paper, palette("dark").paper
        ('#ffffff', '#161b22')
    """
    rc = settings(style)
    roles = zip(("truth", "guess", "elbo", "gap"), rc["axes.prop_cycle"].by_key()["color"])
    plain = {
        "paper": rc["figure.facecolor"],
        "ink": rc["text.color"],
        "muted": rc["xtick.color"],
        "grid": rc["grid.color"],
    }
    return Palette(**plain, **dict(roles))


@contextmanager
def look(style: Style = "light") -> Iterator[Palette]:
    """Draw in one look: matplotlib's settings are changed inside the `with` block only.

    Raises:
        ValueError: There is no such style.

    Example:
        >>> import matplotlib
        >>> before = dict(matplotlib.rcParams)
        >>> with look("dark") as colours:
        ...     matplotlib.rcParams["text.color"] == colours.ink
        True
        >>> before == dict(matplotlib.rcParams)
        True
    """
    with DRAWING, matplotlib.rc_context():
        # the caller's own settings play no part, so that a figure is the same everywhere
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings(style))
        yield palette(style)
