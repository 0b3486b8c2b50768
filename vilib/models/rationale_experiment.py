"""Unit 04: what is a rationale worth? The lesson and `bench.sst_rationales` both run this code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vilib.datasets import Batch, Batches, Corpus, SentimentTreebank, Vocabulary
from vilib.estimators import Estimator
from vilib.models.evaluation import evaluate
from vilib.models.presets import CLASSIFIERS, SELECTORS, Preset
from vilib.models.rationale import RationaleModel
from vilib.models.selection_rate import SelectionRate
from vilib.models.selections import Selection
from vilib.models.vectors import embedding, word_vectors
from vilib.training import EarlyStop, History, optimisers, train

__all__ = [
    "RationaleRun",
    "SentimentData",
    "build_classifier",
    "build_model",
    "classifier_objective",
    "prepare",
    "rationale_objective",
    "train_classifier",
    "train_rationale",
]


@dataclass(frozen=True)
class SentimentData:
    """A treebank as numbers, and word vectors made from its training split.

    Args:
        vocabulary: Of the training split.
        splits: "train", "dev", "test" → the sentences.
        vectors: `[V, E]`.
        device: Where batches are put.
    """

    vocabulary: Vocabulary
    splits: dict[str, Corpus]
    vectors: Tensor
    device: torch.device

    def batches(self, split: str, size: int = 512, *, shuffle: bool = False) -> Batches:
        """Batches of a split, in torch's random order if `shuffle`."""
        return Batches(self.splits[split], size, shuffle=shuffle, device=self.device)


class RationaleRun(NamedTuple):
    """A trained rationale model.

    Args:
        model: The model.
        constraint: Its selection rate, with the price it ended at.
        history: The epochs.
    """

    model: RationaleModel
    constraint: SelectionRate
    history: History


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Random numbers of a seed of one's own; the caller's go on afterwards as if none was drawn."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def prepare(
    treebank: SentimentTreebank, preset: Preset, device: torch.device | str = "cpu"
) -> SentimentData:
    """Number the words and make the vectors; the same treebank and preset give the same numbers."""
    vocabulary = Vocabulary.build(treebank.train, min_count=preset.min_count)
    splits = {name: treebank[name].encode(vocabulary) for name in ("train", "dev", "test")}
    vectors = word_vectors(splits["train"], len(vocabulary), size=preset.vector_size)
    return SentimentData(vocabulary, splits, vectors, torch.device(device))


def build_classifier(table: nn.Embedding, preset: Preset) -> nn.Module:
    """The preset's classifier on a table of word vectors."""
    make = CLASSIFIERS[preset.classifier]
    return make(table, hidden=preset.hidden, dropout=preset.dropout)


def build_model(data: SentimentData, preset: Preset, prior_rate: float = 0.3) -> RationaleModel:
    """An untrained rationale model; selector and classifier share one trained table."""
    table = embedding(data.vectors)
    selector = SELECTORS[preset.selector](table, hidden=preset.selector_hidden)
    model = RationaleModel(selector, build_classifier(table, preset), prior_rate)
    return model.to(data.device)


def classifier_objective(
    classifier: nn.Module, select: Selection, word_dropout: float
) -> Callable[[Batch], dict[str, Tensor]]:
    """−log p(y | x ⊙ z) for the words that a control selects, some of them dropped."""

    def objective(batch: Batch) -> dict[str, Tensor]:
        """The mean cross-entropy of a batch."""
        z = select(batch.tokens, batch.mask)
        z = z * (torch.rand_like(z) >= word_dropout)
        logits = classifier(batch.tokens, batch.mask, z)
        return {"loss": nn.functional.cross_entropy(logits, batch.label)}

    return objective


def rationale_objective(
    model: RationaleModel, estimator: Estimator, constraint: SelectionRate, num_samples: int
) -> Callable[[Batch], dict[str, Tensor | float]]:
    """−E_q[log p(y | x ⊙ z)] by the estimator, and the penalty on the selection rate."""

    def objective(batch: Batch) -> dict[str, Tensor | float]:
        """The mean loss of a batch, and what it is made of."""
        tokens, mask, label = batch.tokens, batch.mask, batch.label
        q = model.posterior(tokens, mask)
        surrogate = estimator(
            q, lambda z: model.log_likelihood(tokens, mask, z, label), num_samples
        )
        distortion = -surrogate.mean()
        loss = distortion + constraint.penalty(q, mask)
        return {"loss": loss, "distortion": distortion, "selected": constraint.rate}

    return objective


def train_classifier(
    data: SentimentData,
    select: Selection,
    preset: Preset,
    *,
    seed: int,
    name: str = "full text",
    progress: bool = True,
) -> tuple[nn.Module, History]:
    """Train a classifier without a latent variable, on the words that `select` gives it.

    The learning rates fall in a straight line to 0; the epoch with the best dev accuracy is kept.

    Args:
        data: Of `prepare`.
        select: `all_words`, or a control at some rate.
        preset: Of `PRESETS`.
        seed: Of weights, order and dropout; the caller's random state is left as it was.
        name: For the progress line.
        progress: Whether to show it.
    """
    batches = data.batches("train", preset.batch_size, shuffle=True)
    num_epochs = preset.epochs(preset.control_steps, len(batches))
    with seeded(seed, data.device):
        classifier = build_classifier(embedding(data.vectors), preset).to(data.device)
        return classifier, train(
            classifier_objective(classifier, select, preset.word_dropout),
            batches,
            optimisers(classifier, preset.learning_rate, table_rate=preset.control_table_rate),
            num_epochs,
            evaluate=lambda: {
                "dev_accuracy": evaluate(classifier, select, data.batches("dev")).accuracy
            },
            schedule=lambda share: 1 - share,
            stop=EarlyStop("dev_accuracy", num_epochs, keep=classifier),
            name=name,
            progress=progress,
        )


def train_rationale(
    data: SentimentData,
    estimator: Estimator,
    target: float,
    preset: Preset,
    *,
    seed: int,
    name: str = "rationale",
    progress: bool = True,
) -> RationaleRun:
    """Train a rationale model with an estimator, at a share `target` of the words.

    The target comes down from 1 over the first part of the run, at full learning rates; over the
    rest it stays and the learning rates fall. The last epoch is taken: which epoch is best cannot
    be said before the target is reached.

    Args:
        data: Of `prepare`.
        estimator: Of `vilib.estimators`; it is reset first.
        target: Share of the words to select, in (0, 1].
        preset: Of `PRESETS`.
        seed: Of weights, order, dropout and selections; the caller's random state is left as it
            was.
        name: For the progress line.
        progress: Whether to show it.
    """
    estimator.reset()
    batches = data.batches("train", preset.batch_size, shuffle=True)
    num_epochs = preset.epochs(preset.rationale_steps, len(batches))
    constraint = SelectionRate(target, int(preset.anneal * num_epochs * len(batches)))
    with seeded(seed, data.device):
        model = build_model(data, preset)
        history = train(
            rationale_objective(model, estimator, constraint, preset.num_samples),
            batches,
            optimisers(
                model,
                preset.learning_rate,
                table_rate=preset.table_rate,
                selector_rate=preset.selector_rate,
            ),
            num_epochs,
            evaluate=lambda: dev_numbers(model, data),
            schedule=lambda share: min(1.0, max(0.05, (1 - share) / (1 - preset.anneal))),
            name=name,
            progress=progress,
        )
    return RationaleRun(model, constraint, history)


def dev_numbers(model: RationaleModel, data: SentimentData) -> dict[str, float]:
    """What is recorded of dev after every epoch."""
    report = evaluate(model.classifier, model.select, data.batches("dev"))
    return {"dev_accuracy": report.accuracy, "dev_selected": report.selection_rate}
