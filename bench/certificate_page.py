"""The certificate as a page of the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vilib.estimators import ALL

__all__ = ["Row", "page"]

TITLES = {
    "bits": "Bernoulli variables",
    "one_hot": "Categorical variables",
    "gaussian": "Gaussian variables",
}
HEAD = """\
| estimator | S | bias, in standard errors | relative bias | variance | evaluations | time |
|---|---|---|---|---|---|---|
"""
INTRODUCTION = """\
# Certificate of the estimators

`make certificate` wrote this page on {date}, with torch {torch}, from
`data/results/certificate.json`.

The gradient of an ELBO with respect to encoder and decoder, of three VAEs that are small enough
for the exact gradient to be summed or integrated: three bits, two variables of three values, one
Gaussian.

- **S**: samples.
- **Bias**: the largest distance between mean and exact gradient over all parameters, in standard
  errors of as many draws as show a bias of 2 %. An unbiased estimator stays below 5; *biased*
  stands where the registry says so.
- **Relative bias**: length of mean − exact over length of exact; behind ± what chance alone
  explains.
- **Variance** of the encoder's gradient, as a multiple of the plain score function's with one
  sample.
- **Evaluations** of the decoder per datapoint and step.
- **Time**: CPU time of a training step with 200 latent variables (20 of ten values), linear
  networks, 28×28 pixels, batch 100, as a multiple of a deterministic autoencoder's step in the
  same run; – where it cannot run at that size.

Estimators marked † follow the gradient of the importance-weighted bound (IWAE) with S samples,
and are compared with that.
"""


class Row(NamedTuple):
    """One estimator on one kind of latent variable; see the page for the columns."""

    kind: str
    name: str
    samples: int
    unbiased: bool
    bound: str
    draws: int
    standard_errors: float
    relative_bias: float
    relative_noise: float
    variance: float
    evaluations: float


def page(found: Mapping) -> str:
    """The whole page in Markdown, from what is stored."""
    text = INTRODUCTION.format(date=found["date"], torch=found["versions"]["torch"].split("+")[0])
    for kind, title in TITLES.items():
        lines = "".join(line(row) for row in found["rows"] if row["kind"] == kind)
        text += f"\n## {title}\n\n{HEAD}{lines}"
    references = sorted({entry.reference for entry in ALL.values()})
    return text + "\n## Sources\n\n" + "".join(f"- {linked(each)}\n" for each in references)


def linked(reference: str) -> str:
    """A reference with its address as a link."""
    words, _, address = reference.rpartition(" ")
    return f"{words} <{address}>"


def line(row: Mapping) -> str:
    """One row of a table."""
    time = "–" if row["time"] is None else f"{row['time']:.2f}"
    dagger = "†" if row["bound"] == "iwae" else ""
    verdict = "" if row["unbiased"] else " *biased*"
    return (
        f"| {row['name']}{dagger} | {row['samples']} | {row['standard_errors']:.1f}{verdict} "
        f"| {row['relative_bias']:.1%} ± {row['relative_noise']:.1%} "
        f"| {multiple(row['variance_ratio'])} | {row['evaluations']} | {time} |\n"
    )


def multiple(ratio: float) -> str:
    """A ratio with two digits that count; rounding errors are 0."""
    return "0" if ratio < 1e-12 else f"{ratio:.2g}"
