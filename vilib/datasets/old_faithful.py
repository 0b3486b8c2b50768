"""272 eruptions of the geyser Old Faithful: how long each lasted, and the wait until the next."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.datasets.download import verify
from vilib.datasets.error import DataError
from vilib.datasets.record import DatasetRecord
from vilib.datasets.registry import embedded, entry
from vilib.datasets.unpack import decode

__all__ = ["OldFaithful", "old_faithful", "parse_eruptions"]

HEADER = "rownames,eruptions,waiting"


@dataclass(frozen=True)
class OldFaithful:
    """The eruptions, in the order in which they were observed.

    Args:
        eruptions: Length of each, in minutes, `[272]` float64.
        waiting: Time until the next, in minutes, `[272]` float64.
        record: Where they come from.
    """

    eruptions: Tensor
    waiting: Tensor
    record: DatasetRecord


def old_faithful() -> OldFaithful:
    """The eruptions that ship with the course.

    Short eruptions are followed by short waits and long ones by long waits: two hills in each
    column, and nobody wrote down to which an eruption belongs.

    Raises:
        DataError: The file is missing, damaged or malformed.

    Source: A. Azzalini and A. W. Bowman, 1990, A Look at Some Data on the Old Faithful Geyser,
        https://doi.org/10.2307/2347385

    Example:
        >>> data = old_faithful()
        >>> data.waiting.shape, f"{data.waiting.mean():.2f} ± {data.waiting.std():.2f} minutes"
        (torch.Size([272]), '70.90 ± 13.59 minutes')
    """
    known = entry("old_faithful")
    content = embedded(known.file.name).read_bytes()
    rows = parse_eruptions(decode(content, known.file.name), known.file.name)
    verify(content, known.file, known.file.name)
    return OldFaithful(rows[:, 0], rows[:, 1], known.record({"all": rows}, "embedded"))


def parse_eruptions(text: str, shown: str = "text") -> Tensor:
    """A header, then a number, a length and a wait a line.

    Args:
        text: The whole file.
        shown: Its name in errors.

    Returns:
        Lengths and waits in minutes, `[N, 2]` float64.

    Raises:
        DataError: Another header, or a line that is not three numbers, the last two positive; the
            message names the line.

    Example:
        >>> parse_eruptions("rownames,eruptions,waiting\\n1,3.6,79\\n").tolist()
        [[3.6, 79.0]]
        >>> parse_eruptions("rownames,eruptions,waiting\\n1,3.6\\n", "a.csv")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: a.csv, line 2: '1,3.6', expected number,minutes,minutes
    """
    header, *lines = text.splitlines() or [""]
    if header != HEADER:
        raise DataError(shown, f"header {header!r}, expected {HEADER!r}", 1)
    rows = [minutes(line, shown, number) for number, line in enumerate(lines, start=2)]
    return torch.tensor(rows, dtype=torch.double).reshape(-1, 2)


def minutes(line: str, shown: str, number: int) -> tuple[float, float]:
    """The two times of a line."""
    try:
        _, length, wait = map(float, line.split(","))
    except ValueError:
        length = wait = -1.0
    # NaN and infinity are no minutes either
    if not (0 < length < float("inf") and 0 < wait < float("inf")):
        raise DataError(shown, f"{line!r}, expected number,minutes,minutes", number)
    return length, wait
