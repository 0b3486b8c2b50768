"""Unit 05's tables: estimators that train a discrete code of handwritten digits.

    python -m bench.digits_estimators [--seeds 1 2 3] [--write]

Three experiments on the digits, binarised once and for all. *bits*: 64 bits and linear layers, the
estimators of the lesson at three learning rates, the others at one, and for two of them with pixels
that are drawn anew at each step. *gradients*: bias and variance of each estimator in a model with 8
bits, whose exact gradient is a sum over 256 codes. *dice*: 8 dice of 8 faces, at several
temperatures.

Writes `data/results/05_gumbel.json` with `--write`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import NamedTuple

import torch

from bench.kept import circumstances, keep
from bench.over_seeds import Row, over_seeds
from vilib.datasets import Images, binarise, digits
from vilib.estimators import (
    DisARM,
    Estimator,
    GumbelSoftmax,
    GumbelStraightThrough,
    Relax,
    ScoreFunction,
    StraightThroughBernoulli,
    StraightThroughCategorical,
)
from vilib.estimators.baselines import LeaveOneOut, RunningMean
from vilib.estimators.rebar import rebar_trained
from vilib.models.annealing import Annealed, Cooling
from vilib.models.discrete_experiment import evaluate_discrete, pixel_baseline, train_discrete
from vilib.models.discrete_presets import DISCRETE_PRESETS, DiscretePreset
from vilib.models.gradient_report import exact_encoder_gradient, gradient_report

RATE, RATES = 0.01, (0.003, 0.01, 0.03)


class Contender(NamedTuple):
    """An estimator, the samples that make about four calls of the decoder, and learning rates."""

    make: Callable[[], Estimator]
    num_samples: int = 4
    rates: tuple[float, ...] = (RATE,)


BITS: dict[str, Contender] = {
    "score function": Contender(ScoreFunction, rates=RATES),
    "running mean": Contender(lambda: ScoreFunction(RunningMean())),
    "leave-one-out": Contender(lambda: ScoreFunction(LeaveOneOut()), rates=RATES),
    "DisARM": Contender(DisARM),
    # three calls a sample: f at z, s and s'
    "REBAR": Contender(rebar_trained, 1),
    "RELAX": Contender(Relax, 1),
    "Gumbel-softmax": Contender(lambda: GumbelSoftmax(0.5), rates=RATES),
    "straight-through Gumbel": Contender(lambda: GumbelStraightThrough(0.5), rates=RATES),
    "straight-through": Contender(StraightThroughBernoulli),
}
FRESH = ("score function", "leave-one-out")
COOLING = Cooling(1.0, 0.1, num_steps=round(0.8 * DISCRETE_PRESETS["class", "dice"].num_steps))
DICE: dict[str, Callable[[], Estimator]] = {
    "Gumbel-softmax, τ = 1": lambda: GumbelSoftmax(1.0),
    "Gumbel-softmax, τ = 0.5": lambda: GumbelSoftmax(0.5),
    "Gumbel-softmax, τ = 0.1": lambda: GumbelSoftmax(0.1),
    "Gumbel-softmax, τ from 1 to 0.1": lambda: Annealed(GumbelSoftmax(), COOLING),
    "straight-through Gumbel, τ = 1": lambda: GumbelStraightThrough(1.0),
    "straight-through Gumbel, τ = 0.5": lambda: GumbelStraightThrough(0.5),
    "straight-through": StraightThroughCategorical,
    "leave-one-out": lambda: ScoreFunction(LeaveOneOut()),
}


def trained(
    images: Images, estimator: Estimator, preset: DiscretePreset, seed: int, fresh: bool = False
) -> Row:
    """Train one model; its numbers on the binarised train and test splits."""
    fixed = images.binarised()
    x, transform = (images.train.flat, binarise) if fresh else (fixed.train.flat, lambda x: x)
    started = time.process_time()
    run = train_discrete(x, estimator, preset, seed=seed, transform=transform, progress=False)
    seconds = time.process_time() - started
    train = evaluate_discrete(run.model, fixed.train.flat, seed=seed, num_samples=50)
    test = evaluate_discrete(run.model, fixed.test.flat, seed=seed)
    return {
        "objective": -run.history["loss"][-1],
        "train_elbo": train.elbo,
        "test_elbo": test.elbo,
        "test_reconstruction": test.reconstruction,
        "test_rate": test.rate,
        "test_log_evidence": test.log_evidence,
        "cpu_seconds": round(seconds, 1),
    }


def bits_rows(images: Images, seed: int) -> Iterator[Row]:
    """64 bits: every estimator at its rates, two of them also with fresh pixels."""
    for name, contender in BITS.items():
        for rate in contender.rates:
            for fresh in (False, True)[: 1 + (name in FRESH and rate == RATE)]:
                preset = replace(
                    DISCRETE_PRESETS["class", "bits"],
                    learning_rate=rate,
                    num_samples=contender.num_samples,
                )
                found = trained(images, contender.make(), preset, seed, fresh)
                pixels = "fresh" if fresh else "fixed"
                yield {"model": name, "rate": rate, "pixels": pixels, "seed": seed} | found


def dice_rows(images: Images, seed: int) -> Iterator[Row]:
    """8 dice of 8 faces."""
    for name, make in DICE.items():
        found = trained(images, make(), DISCRETE_PRESETS["class", "dice"], seed)
        yield {"model": name, "seed": seed} | found


def gradient_rows(images: Images, seed: int) -> Iterator[Row]:
    """8 bits, trained with leave-one-out: bias at 4 calls, variance at 4 and at 2."""
    x = images.binarised().train.flat
    estimator, preset = ScoreFunction(LeaveOneOut()), DISCRETE_PRESETS["class", "few bits"]
    model = train_discrete(x, estimator, preset, seed=seed, progress=False).model
    batch = x[:100]
    exact = exact_encoder_gradient(model, batch)
    for calls, draws in ((4, 8000), (2, 2000)):
        for name, contender in BITS.items():
            num_samples = contender.num_samples * calls // 4
            if num_samples:
                report = gradient_report(
                    model,
                    batch,
                    contender.make(),
                    exact,
                    seed=seed,
                    num_samples=num_samples,
                    num_draws=draws,
                )
                yield {"model": name, "calls": calls, "seed": seed} | report._asdict()


PARTS: dict[str, tuple[Callable[[Images, int], Iterator[Row]], tuple[str, ...]]] = {
    "bits": (bits_rows, ("model", "rate", "pixels")),
    "gradients": (gradient_rows, ("model", "calls")),
    "dice": (dice_rows, ("model",)),
}


def results(seeds: Sequence[int]) -> dict:
    """Everything that is recorded."""
    images = digits()
    fixed = images.binarised()
    found: dict = {
        "command": f"python -m bench.digits_estimators --write --seeds {' '.join(map(str, seeds))}",
        "data": str(images.record),
        "pixels": "binarised once, seed 1; 'fresh': drawn anew at each step",
        "choice": "nothing was chosen on test; every learning rate is listed",
        "presets": {kind: asdict(DISCRETE_PRESETS["class", kind]) for kind in presets()},
        **circumstances(),
        "no_latent": pixel_baseline(fixed.train.flat, fixed.test.flat),
    }
    for part, (rows_of, keys) in PARTS.items():
        rows = [row for seed in seeds for row in shown(rows_of(images, seed))]
        found |= {part: over_seeds(rows, keys), f"{part}_rows": rows}
    return found


def presets() -> list[str]:
    """The kinds that have a class-sized preset."""
    return [kind for scale, kind in DISCRETE_PRESETS if scale == "class"]


def shown(rows: Iterator[Row]) -> Iterator[Row]:
    """Each row, printed as it comes."""
    for row in rows:
        print(
            ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else str(v) for k, v in row.items()),
            flush=True,
        )
        yield row


def main() -> None:
    """Train everything and write it down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--write", action="store_true", help="write data/results")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = results(arguments.seeds)
    if arguments.write:
        keep("05_gumbel", found)


if __name__ == "__main__":
    main()
