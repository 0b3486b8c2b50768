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

    def beside(self, runs: Mapping[str, str], paper_scale: Mapping[str, str] | None = None) -> str:
        """A table of three columns: published, our run at the paper's scale, this run.

        Args:
            runs: Model → what this run gave, as text.
            paper_scale: Model → what our paper-scale run gave, with date and commit; "not yet run"
                where there is none.

        Example:
            >>> print(published("H2").beside({"RELAX": "-19.1 (digits)"}))
            best training ELBO of sigmoid belief networks on binarised MNIST, ... (nats per image)
            W. Grathwohl, ...
                            published  our paper scale  this run
            RELAX           -111.2     not yet run      -19.1 (digits)
        """
        far = paper_scale or {}
        rows = [("", "published", "our paper scale", "this run")]
        for model, found in runs.items():
            quoted = self.quote(model) if model in self.values else "–"
            rows.append((model, quoted, far.get(model, "not yet run"), found))
        widths = [max(len(row[i]) for row in rows) + 2 for i in range(3)]
        lines = ["".join(f"{cell:{w}}" for cell, w in zip(row, widths)) + row[3] for row in rows]
        return "\n".join([f"{self.what} ({self.unit})", self.source, *lines])

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
