"""All ratios to a floor, beside peers that are measured in the same run.

    python -m bench [estimators efficiency flows hmm sparse] [--rounds 9]

CPU time, one thread, shuffled rounds, medians. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import warnings
from importlib import import_module

import torch

from bench.ratios import table

PARTS = ("estimators", "efficiency", "flows", "hmm", "sparse")


def main() -> None:
    """Measure the parts that are asked for, and print one table each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    # what the peers have to say of their own code
    warnings.simplefilter("ignore")
    for part in arguments.parts or PARTS:
        print(table(import_module(f"bench.{part}").lines(arguments.rounds)), end="\n\n")


if __name__ == "__main__":
    main()
