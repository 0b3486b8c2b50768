"""What is reported of a classifier that reads selected words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vilib.datasets import Batch
from vilib.models.selections import Selection

__all__ = ["Report", "evaluate", "majority"]

NEUTRAL = 2


@dataclass(frozen=True)
class Report:
    """Counts over a split, and the shares that follow from them.

    Args:
        sentences: Sentences seen.
        correct: Sentences labelled right.
        words: Words seen, and of these …
        selected: … selected.
        polar: … with a leaf label other than 2 (neutral).
        polar_selected: … polar and selected.

    Example: two of four words are read; one of the two polar words, one of the two neutral ones.
        >>> report = Report(1, 1, words=4, selected=2, polar=2, polar_selected=1)
        >>> report.accuracy, report.selection_rate, report.polar_ratio
        (1.0, 0.5, 1.0)
    """

    sentences: int
    correct: int
    words: int
    selected: int
    polar: int
    polar_selected: int

    @property
    def accuracy(self) -> float:
        """Share of the sentences labelled right."""
        return self.correct / self.sentences

    @property
    def selection_rate(self) -> float:
        """Share of the words that are selected."""
        return self.selected / self.words

    @property
    def polar_found(self) -> float:
        """Share of the polar words that are selected; NaN where there are none."""
        return self.polar_selected / self.polar if self.polar else float("nan")

    @property
    def polar_share(self) -> float:
        """Share of the selected words that are polar; NaN where nothing is selected."""
        return self.polar_selected / self.selected if self.selected else float("nan")

    @property
    def polar_ratio(self) -> float:
        """How many times as often polar words are selected as neutral ones; 1 if equally often.

        NaN where a split lacks polar or neutral words, or nothing is selected.
        """
        neutral, neutral_selected = self.words - self.polar, self.selected - self.polar_selected
        if not self.polar or not neutral or not self.selected:
            return float("nan")
        return self.polar_found * neutral / neutral_selected if neutral_selected else float("inf")


@torch.no_grad()
def evaluate(classifier: nn.Module, select: Selection, batches: Iterable[Batch]) -> Report:
    """Label every sentence by its selected words and count; no dropout, no gradient.

    Args:
        classifier: Maps tokens, mask, z `[B, T]` to logits `[B, K]`.
        select: Maps tokens, mask to z `[B, T]`: `model.select` of a `RationaleModel` (zₜ = 1 where
            q > ½), or a control.
        batches: The split.
    """
    training = classifier.training
    classifier.eval()
    counts = torch.zeros(6, dtype=torch.long)
    for batch in batches:
        z = select(batch.tokens, batch.mask)
        predicted = classifier(batch.tokens, batch.mask, z).argmax(-1)
        counts += tally(batch, z > 0, predicted).cpu()
    classifier.train(training)
    return Report(*counts.tolist())


def tally(batch: Batch, selected: Tensor, predicted: Tensor) -> Tensor:
    """The six counts of a `Report` for one batch, `[6]`."""
    selected = selected & batch.mask
    polar = (batch.leaf_label != NEUTRAL) & batch.mask
    size = torch.tensor(len(batch.label), device=batch.label.device)
    correct = (predicted == batch.label).sum()
    words = [batch.mask, selected, polar, polar & selected]
    return torch.stack([size, correct, *(each.sum() for each in words)])


def majority(train_labels: Tensor, labels: Tensor) -> float:
    """Accuracy of the class that is commonest in training, for labels `[N]`.

    Example:
        >>> majority(torch.tensor([3, 3, 1]), torch.tensor([3, 0, 1, 1]))
        0.25
    """
    return (labels == train_labels.mode().values).double().mean().item()
