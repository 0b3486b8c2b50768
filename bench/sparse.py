"""Sparsemax, forward and backward, as multiples of softmax, forward and backward.

    python -m bench.sparse [--rounds 7]

One thread, CPU time, float32, standard normal scores; the peer is entmax's sparsemax, if installed.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from bench.ratios import Line, compare, table
from vilib.sparse import sparsemax

__all__ = ["lines"]


class Size(NamedTuple):
    """One line of the table: a batch `[B, K]`, how often, and what it may cost in softmaxes."""

    B: int
    K: int
    repeats: int
    target: float


SIZES = (Size(1000, 10, 100, 1.2), Size(256, 1000, 20, 5.0), Size(64, 32_000, 3, 3.0))


def lines(num_rounds: int = 7) -> list[Line]:
    """One line per size."""
    return [line(size, num_rounds) for size in SIZES]


def line(size: Size, num_rounds: int) -> Line:
    """Softmax, ours and the peer on the same scores."""
    scores = torch.randn(size.B, size.K, requires_grad=True)
    gradient = torch.randn(size.B, size.K)

    def run(function: Callable[[Tensor], Tensor], repeats: int) -> Callable[[], int]:
        def work() -> int:
            for _ in range(repeats):
                scores.grad = None
                function(scores).backward(gradient)
            return repeats

        return work

    return compare(
        f"sparsemax {size.B} x {size.K}, in softmaxes",
        floor=run(lambda s: s.softmax(-1), size.repeats),
        ours=run(sparsemax, size.repeats),
        # up to 100 times slower, and as much less often
        peers={name: run(f, max(1, size.repeats // 20)) for name, f in peers().items()},
        target=size.target,
        num_rounds=num_rounds,
    )


def peers() -> dict[str, Callable[[Tensor], Tensor]]:
    """Those that are installed."""
    if importlib.util.find_spec("entmax") is None:
        return {}
    import entmax

    return {"entmax": lambda s: entmax.sparsemax(s, dim=-1)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    print(table(lines(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
