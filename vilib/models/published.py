"""Results that were published by others, each with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from vilib.datasets.registry import embedded

__all__ = ["Published", "published"]


@dataclass(frozen=True)
class Published:
    """Numbers of one table or figure of one paper.

    Attributes:
        what: What was measured, on which data.
        unit: Of the numbers.
        paper: Authors, year, title.
        link: Its address.
        where: The table or figure.
        checked: How the numbers got here; "memory" if nobody has compared them with the source.
        values: Model → number.

    Example: numbers that were not compared with the paper say so.
        >>> published("H2").quote("RELAX"), published("H8").quote("VAE")
        ('-111.2', 'about 86.55')
    """

    what: str
    unit: str
    paper: str
    link: str
    where: str
    checked: str
    values: Mapping[str, float]

    def quote(self, model: str) -> str:
        """The number as a lesson may print it."""
        number = f"{self.values[model]:g}"
        return f"about {number}" if self.checked == "memory" else number

    @property
    def source(self) -> str:
        """One line to stand beside the numbers."""
        return f"{self.paper}, {self.where}, {self.link} ({self.checked})"


def published(name: str) -> Published:
    """One entry of `data/published.json`, the only place that quotes others' numbers.

    Args:
        name: Such as "H2".

    Raises:
        KeyError: There is no such entry.

    Example:
        >>> published("H4").source.rpartition(", https")[0]
        'Y. Kim, S. Wiseman and A. M. Rush, 2018, A Tutorial on Deep Latent Variable Models of
        Natural Language, slides of the tutorial'
    """
    return Published(**json.loads(embedded("published.json").read_text(encoding="utf-8"))[name])
