"""What is known about the data at hand, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DatasetRecord"]


@dataclass(frozen=True)
class DatasetRecord:
    """Where a data set comes from and how large it is.

    Args:
        name: Name of the loader.
        source: Authors, year and title, or the public address.
        licence: The terms, or "none stated".
        sha256: SHA-256 of the public file; of the splits' texts, joined in order, where the data
            were read from several files or generated.
        split_sizes: Split → number of examples.
        origin: "VILIB_DATA", "cache", "download", "folder", "embedded" or "stand-in". It never
            holds a path, so that a printed record is the same on every machine.

    Example:
        >>> print(DatasetRecord("coins", "this course", "MIT", "ab" * 32, {"all": 12}, "embedded"))
        coins: 12 all · this course · licence: MIT · sha256 abababababab… · from embedded
    """

    name: str
    source: str
    licence: str
    sha256: str
    split_sizes: Mapping[str, int]
    origin: str

    def __str__(self) -> str:
        """The record in one line."""
        sizes = " / ".join(f"{size:,} {split}" for split, size in self.split_sizes.items())
        parts = [sizes, self.source, f"licence: {self.licence}", f"sha256 {self.sha256[:12]}…"]
        return f"{self.name}: {' · '.join(parts)} · from {self.origin}"
