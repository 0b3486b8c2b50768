"""Training examples per CPU-second, one thread: ours, the original's way, bare matrix products.

    python -m bench.throughput [--rounds 5]

All three train the same model on the same sentences, with vectors of 300 numbers, LSTMs of 200
units a direction, one sample, a standardised reward and the KL to the prior: a bag (linear, as in
the original) or an LSTM as selector and classifier. Ours is `vilib` as the lesson uses it, in
larger batches of sentences of similar length. Making the batches counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch

from bench.bare_products import bag_products, lstm_products, typical_length
from bench.original_setting import OriginalSetting
from bench.rounds import rates
from vilib.datasets import Batch, Batches, Corpus, Vocabulary, sst
from vilib.estimators import ScoreFunction
from vilib.estimators.baselines import RunningStandardise
from vilib.models import (
    BagClassifier,
    BagSelector,
    LSTMClassifier,
    LSTMSelector,
    RationaleModel,
    embedding,
)
from vilib.training import optimisers

# of the original: GloVe vectors, cut down to the words of SST
ROWS, E, H = 20_727, 300, 200


class Setting(NamedTuple):
    """One line of the table."""

    name: str
    lstm: bool
    trained: bool
    batch_size: int
    target: int


SETTINGS = (
    Setting("bag / bag", lstm=False, trained=False, batch_size=512, target=27_000),
    Setting("bag / bag, trained table", lstm=False, trained=True, batch_size=512, target=7_200),
    Setting("LSTM / LSTM", lstm=True, trained=False, batch_size=256, target=420),
)


class Ours:
    """Trains with `vilib`, `num_batches` at a call, going round and round the corpus."""

    def __init__(
        self, setting: Setting, corpus: Corpus, vectors: torch.Tensor, num_batches: int
    ) -> None:
        table = embedding(vectors, trained=setting.trained)
        if setting.lstm:
            parts = LSTMSelector(table, H), LSTMClassifier(table, H)
        else:
            parts = BagSelector(table, hidden=0), BagClassifier(table, hidden=0)
        self.model = RationaleModel(*parts)
        self.optimisers = optimisers(self.model, 1e-4)
        self.estimator = ScoreFunction(RunningStandardise())
        self.batches = Batches(corpus, setting.batch_size)
        self.stream, self.num_batches = self.endless(), num_batches

    def endless(self) -> Iterator[Batch]:
        """Epoch after epoch."""
        while True:
            yield from self.batches

    def __call__(self) -> int:
        """Train on `num_batches` batches; the number of sentences."""
        return sum(self.step(next(self.stream)) for _ in range(self.num_batches))

    def step(self, batch: Batch) -> int:
        """One batch."""
        model, (tokens, mask, label) = self.model, batch[:3]
        q = model.posterior(tokens, mask)
        surrogate = self.estimator(q, lambda z: model.log_likelihood(tokens, mask, z, label))
        loss = (model.rate(q, mask) - surrogate).mean()
        self.optimisers.zero_grad()
        loss.backward()
        self.optimisers.step()
        return len(label)


def contestants(setting: Setting, corpus: Corpus, budget: float) -> dict[str, Callable[[], int]]:
    """Ours, the original's way and the bound, each with work for about `budget` seconds."""
    vectors = torch.randn(ROWS, E)
    vectors[0] = 0
    sentences = [part.tolist() for part in corpus.tokens.split(corpus.lengths.tolist())]
    T, B = typical_length(corpus.lengths), setting.batch_size
    size, slow = setting.target * budget, setting.target / 10 * budget
    original = OriginalSetting(
        sentences,
        corpus.labels.tolist(),
        vectors,
        trained=setting.trained,
        hidden=H if setting.lstm else 0,
        num_batches=max(2, int(slow / 25)),
    )
    repeats = max(1, int(size / B))
    if setting.lstm:
        bound = lstm_products(B, T, E, H, repeats=repeats)
    else:
        bound = bag_products(B, T, E, trained=setting.trained, repeats=repeats)
    return {
        "ours": Ours(setting, corpus, vectors, max(2, int(size / B))),
        "original": original,
        "bound": bound,
    }


def main() -> None:
    """Measure the three settings and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="work of one measurement")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    train = sst("train")
    corpus = train.encode(Vocabulary.build(train))
    print(f"{len(corpus):,} sentences; training examples per CPU-second, one thread")
    print(f"{'setting':26}{'original':>10}{'ours':>10}{'bound':>10}{'ours/orig.':>12}{'ours/bound':>12}")
    for setting in SETTINGS:
        speed = rates(contestants(setting, corpus, arguments.seconds), arguments.rounds)
        ours, original, bound = speed["ours"], speed["original"], speed["bound"]
        print(
            f"{setting.name:26}{original:10,.0f}{ours:10,.0f}{bound:10,.0f}"
            f"{ours / original:12.1f}{ours / bound:12.2f}"
            f"   target {setting.target:,}: {'reached' if ours >= setting.target else 'missed'}"
        )


if __name__ == "__main__":
    main()
