"""Inference in hidden Markov models: ours and the peers', in multiples of bare matrix products.

    python -m bench.hmm [--rounds 7]

32 sequences of 50 positions with 64 states, float32, one thread. The floor of log p(x) is its T-1
products [B, K] @ [K, K]; of the marginals, which need two sweeps, twice that.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from importlib.util import find_spec

import torch

from bench.ratios import Line, compare, table
from vilib.structured import HMM, SymbolHMM, forward, marginals

__all__ = ["lines"]

B, T, K, V = 32, 50, 64, 100
REPEATS = 20


class Task:
    """One random model and its observations, for all contestants."""

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(1)
        start, steps, symbols = (
            torch.randn(shape, generator=generator).log_softmax(-1)
            for shape in ((K,), (K, K), (K, V))
        )
        self.model = SymbolHMM(start, steps, symbols)
        self.seen = torch.randint(V, (B, T), generator=generator)
        self.emission = self.model.observe(self.seen).log_emission.contiguous()

    def hmm(self) -> HMM:
        """A new container for the same scores, as a training loop makes one per batch."""
        return HMM(self.model.log_initial, self.model.log_transition, self.emission)


def products(num_sweeps: int) -> Callable[[], int]:
    """The floor: so many sweeps of T-1 products, and nothing else."""
    alpha, A = torch.full((B, K), 1 / K), torch.randn(K, K).softmax(-1)

    def run() -> int:
        for _ in range(REPEATS * num_sweeps):
            x = alpha
            for _ in range(T - 1):
                x = x @ A
        return REPEATS * B

    return run


def repeated(function: Callable[[], object], repeats: int) -> Callable[[], int]:
    """The function, so often, and the number of sequences that it worked on."""

    def run() -> int:
        for _ in range(repeats):
            function()
        return repeats * B

    return run


def hmmlearn_peers(task: Task) -> tuple[dict[str, Callable[[], int]], ...]:
    """Its compiled loop over one sequence after the other, in float64."""
    if find_spec("hmmlearn") is None:
        return {}, {}
    from hmmlearn.hmm import CategoricalHMM

    def peer(implementation: str) -> CategoricalHMM:
        peer = CategoricalHMM(n_components=K, implementation=implementation)
        names = "startprob_", "transmat_", "emissionprob_"
        for name, scores in zip(names, task.model):
            setattr(peer, name, scores.double().softmax(-1).numpy())
        return peer

    column, lengths, scaling = task.seen.reshape(-1, 1).numpy(), [T] * B, peer("scaling")
    return (
        {"hmmlearn": repeated(lambda: scaling.score(column, lengths), 2)},
        {"hmmlearn": repeated(lambda: scaling.predict_proba(column, lengths), 2)},
    )


def pyro_peer(task: Task) -> dict[str, Callable[[], int]]:
    """A parallel scan over matrices in logarithms; it has no marginals."""
    if find_spec("pyro") is None:
        return {}
    from pyro.distributions import Categorical, DiscreteHMM

    start, steps, symbols = task.model
    peer = DiscreteHMM(start, steps, Categorical(logits=symbols), duration=T)
    return {"pyro": repeated(lambda: peer.log_prob(task.seen), 1)}


def torch_struct_peers(task: Task) -> tuple[dict[str, Callable[[], int]], ...]:
    """A tree of products of matrices in a semiring; marginals by backprop."""
    if find_spec("torch_struct") is None:
        return {}, {}
    from torch_struct import LinearChainCRF

    def chain() -> LinearChainCRF:
        scores = task.model.log_transition.T + task.emission[:, 1:, :, None]
        scores[:, 0] += (task.model.log_initial + task.emission[:, 0])[:, None]
        return LinearChainCRF(scores)

    return (
        {"torch-struct": repeated(lambda: chain().partition, 1)},
        {"torch-struct": repeated(lambda: chain().marginals, 1)},
    )


def lines(rounds: int = 7, *, slow: bool = False) -> list[Line]:
    """log p(x) and marginals, compared.

    Args:
        rounds: Rounds that count.
        slow: Whether torch-struct takes part, too: seconds per round.
    """
    task = Task()
    evidence, posterior = hmmlearn_peers(task)
    evidence.update(pyro_peer(task))
    if slow:
        for ours, theirs in zip((evidence, posterior), torch_struct_peers(task)):
            ours.update(theirs)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            compare(
                "HMM log p(x), of T-1 products",
                products(1),
                repeated(lambda: forward(task.hmm()), REPEATS),
                evidence,
                target=2.2,
                num_rounds=rounds,
            ),
            compare(
                "HMM marginals, of 2 (T-1) products",
                products(2),
                repeated(lambda: marginals(task.hmm()), REPEATS),
                posterior,
                target=2.0,
                num_rounds=rounds,
            ),
        ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--slow", action="store_true", help="torch-struct, too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(table(lines(arguments.rounds, slow=arguments.slow)))


if __name__ == "__main__":
    main()
