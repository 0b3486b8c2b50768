"""The error of every loader: which file, which line, what was expected."""

from __future__ import annotations

__all__ = ["DataError"]


class DataError(ValueError):
    """A data file is missing, damaged or malformed.

    Args:
        file: The file in words that say where it lies without naming a machine's folders
            ("VILIB_DATA/sst/train.txt").
        problem: What is wrong, and what was expected.
        line: Number of the line, from 1; None where the file has no lines to speak of.

    Example:
        >>> print(DataError("sst/train.txt", "label 7, expected a label 0–4", line=12))
        sst/train.txt, line 12: label 7, expected a label 0–4
    """

    def __init__(self, file: str, problem: str, line: int | None = None) -> None:
        self.file, self.problem, self.line = file, problem, line
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {problem}")
