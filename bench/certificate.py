"""The certificate: every estimator against the exact gradient, and what it costs.

    python -m bench.certificate [--rounds 9] [--write]

Bias and variance on VAEs small enough to enumerate (`tests/estimators/problems.py`), with as many
draws as show a bias of 2 %; cost as CPU time of a training step with 200 latent variables, as a
multiple of a deterministic autoencoder's. `--write` keeps it in `data/results/certificate.json` and
on the page `docs/certificate.md`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from bench.certificate_page import Row, page
from bench.kept import circumstances, keep
from bench.rounds import rates
from bench.vae_step import FAMILIES, Step, autoencoder, vae
from tests.estimators.measure import Moments, build, by_sampling, estimates, freeze, warm
from tests.estimators.problems import VAES, Problem
from vilib.estimators import ALL, Entry

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "certificate.md"
PROBLEMS = {"bits": "vae", "one_hot": "categorical_vae", "gaussian": "gaussian_vae"}
# the decoder's matrix and bias; what comes before them are q's parameters
DECODER = 2


def served() -> Iterator[tuple[str, Entry, int]]:
    """Kind of latent variable, estimator and number of samples, one for each row."""
    for kind in FAMILIES:
        q = VAES[PROBLEMS[kind]]().build(1)[0]
        for entry in ALL.values():
            if entry.accepts(q):
                # with one sample the IWAE bound is the ELBO
                yield kind, entry, 2 if entry.bound == "iwae" else entry.min_samples
                if entry.name == "score_function_leave_one_out":
                    yield kind, entry, 4


def encoder_size(problem: Problem) -> int:
    """How many of the gradient's numbers belong to q."""
    return sum(leaf.numel() for leaf in problem.leaves[:-DECODER])


def moments(entry: Entry, problem: Problem, samples: int) -> Moments:
    """Mean and variance of the gradient, after three batches of warming up."""
    estimator = warm(build(entry.name), problem, samples)
    freeze(estimator)
    return by_sampling(estimator, problem, samples, entry.bound)


def evaluations(entry: Entry, problem: Problem, samples: int) -> float:
    """How many values of z f is asked for, per datapoint and step."""
    estimator, seen = warm(build(entry.name), problem, samples), []

    def counting(*parameters: Tensor) -> tuple:
        q, f = problem.make(*parameters)

        def counted(z: Tensor) -> Tensor:
            seen.append(z.shape[0])
            return f(z)

        return q, counted

    estimates(estimator, Problem(problem.name, problem.leaves, counting), samples, copies=4)
    return sum(seen)


def proofs() -> Iterator[Row]:
    """Bias, variance and evaluations of each estimator."""
    for kind, entry, samples in served():
        problem = VAES[PROBLEMS[kind]]()
        truth = problem.gradient(entry.bound, samples).double()
        mean, variance, draws = moments(entry, problem, samples)
        error = (variance.clamp(min=0) / draws).sqrt()
        gap = (mean - truth).abs()
        rounding = 1e-12 * truth.norm()
        # a pixel that is off has no gradient at all, and no error
        distance = torch.where(gap > rounding, gap / error.clamp(min=1e-300), 0.0).max()
        yield Row(
            kind=kind,
            name=entry.name,
            samples=samples,
            unbiased=entry.unbiased,
            bound=entry.bound,
            draws=draws,
            standard_errors=distance.item(),
            relative_bias=(gap.norm() / truth.norm()).item(),
            # what of it chance alone explains
            relative_noise=(error.norm() / truth.norm()).item(),
            variance=variance[: encoder_size(problem)].sum().item(),
            evaluations=evaluations(entry, problem, samples),
        )


def costs(num_rounds: int) -> dict[tuple[str, str, int], float]:
    """CPU time of a training step as a multiple of the autoencoder's."""
    found = {}
    for kind, family in FAMILIES.items():
        contestants = {("floor", 0): Step(family, autoencoder(family))}
        for at, entry, samples in served():
            if at == kind and can_be_timed(entry):
                weights = entry.bound == "iwae" or entry.name == "sticking_the_landing"
                loss = vae(family, entry.make(), samples, weights=weights)
                contestants[entry.name, samples] = Step(family, loss)
        speed = rates(contestants, num_rounds)
        floor = speed["floor", 0]
        found |= {(kind, *key): floor / rate for key, rate in speed.items()}
    return found


def can_be_timed(entry: Entry) -> bool:
    """Not what sums over all values of 200 variables, nor what wants a network from outside."""
    return entry.name not in ("enumeration", "sparse_marginalisation", "score_function_network")


def certificate(num_rounds: int) -> dict:
    """Everything that is recorded."""
    torch.set_default_dtype(torch.float64)
    rows = list(proofs())
    torch.set_default_dtype(torch.float32)
    times = costs(num_rounds)
    plain = {row.kind: row.variance for row in rows if row.name == "score_function"}
    return {
        "command": "make certificate",
        **circumstances(),
        "rows": [
            row._asdict()
            | {
                "variance_ratio": row.variance / plain[row.kind],
                "time": times.get((row.kind, row.name, row.samples)),
            }
            for row in rows
        ],
    }


def main() -> None:
    """Measure, print the page, and write it down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", action="store_true", help="write data/results and the page")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    found = certificate(arguments.rounds)
    text = page(found)
    print(text)
    if arguments.write:
        keep("certificate", found)
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
