"""Unit 07's table: several seeds of every cure and of the language model, with their spread.

    python -m bench.posterior_collapse [--seeds 1 2 3] [--real-seeds 1 2] [--write]

The generated language at class scale with all cures, and the Penn Treebank, where a copy is at
hand, with those of headline H4. Writes `data/results/07_posterior_collapse.json` with `--write`.
How the settings were chosen is `vilib.models.collapse_presets.CHOICE`, which is recorded too.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict

import torch

from bench.kept import circumstances, keep
from bench.over_seeds import Row, over_seeds
from vilib.datasets import Text, language, ptb
from vilib.models.collapse_experiment import (
    TextData,
    prepare_text,
    train_language_model,
    train_vae,
)
from vilib.models.collapse_presets import CHOICE, COLLAPSE_PRESETS, CURES, CollapsePreset
from vilib.models.collapse_report import report

CONTROL = "language model"
REAL = ("plain", "linear annealing", "free bits", "minimum desired rate", "word dropout")


def rows(
    name: str, data: TextData, preset: CollapsePreset, cures: tuple[str, ...], seed: int
) -> Iterator[Row]:
    """The language model and a sentence VAE per cure, trained and measured on test."""
    for cure in (CONTROL, *cures):
        started = time.process_time()
        label = f"{name}, seed {seed}: {cure}"
        if cure == CONTROL:
            model, _ = train_language_model(data, preset, seed=seed, name=label)
        else:
            model, _ = train_vae(data, CURES[cure], preset, seed=seed, name=label)
        seconds = round(time.process_time() - started, 1)
        torch.manual_seed(seed)
        found = asdict(report(model, data.batches("test"), preset.num_samples))
        yield {"data": name, "model": cure, "seed": seed, **found, "cpu_seconds": seconds}


def show(summary: list[Row]) -> None:
    """Print the table."""
    titles = ("nll", "nelbo", "rate", "I(x;z)", "active", "CPU s")
    print(f"\n{'data':10}{'model':24}" + "".join(f"{title:>14}" for title in titles))
    for line in summary:
        numbers = ("nll", "nelbo", "rate", "information", "active", "cpu_seconds")
        cells = (f"{line[n]:.2f} ± {line[f'{n}_sd']:.2f}" for n in numbers)
        print(f"{line['data']:10}{line['model']:24}" + "".join(f"{cell:>14}" for cell in cells))


def results(texts: dict[str, tuple[Text, str, tuple[str, ...], list[int]]]) -> dict:
    """Everything that is recorded; a text comes with its preset, its cures and its seeds."""
    table = []
    for name, (text, scale, cures, seeds) in texts.items():
        preset = COLLAPSE_PRESETS[scale]
        data = prepare_text(text, preset)
        for seed in seeds:
            table += rows(name, data, preset, cures, seed)
    return {
        "command": "python -m bench.posterior_collapse --write",
        "data": {name: str(text.record) for name, (text, *_) in texts.items()},
        "entropy": {name: text.entropy for name, (text, *_) in texts.items() if text.entropy > 0},
        "split": "test",
        "choice": CHOICE,
        "presets": {
            name: asdict(COLLAPSE_PRESETS[scale]) for name, (_, scale, *_) in texts.items()
        },
        "cures": {name: asdict(cure) for name, cure in CURES.items()},
        **circumstances(),
        "summary": over_seeds(table, ("data", "model")),
        "rows": table,
    }


def main() -> None:
    """Train everything, print the table and write it down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--real-seeds", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--write", action="store_true", help="write data/results")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    texts = {"language": (language(), "class", tuple(CURES), arguments.seeds)}
    if arguments.real_seeds:
        treebank = ptb(stand_in=False)
        texts["ptb"] = (treebank, "class, real text", REAL, arguments.real_seeds)
    found = results(texts)
    show(found["summary"])
    if arguments.write:
        keep("07_posterior_collapse", found)


if __name__ == "__main__":
    main()
