"""What does a code know? Whether a fact about a sentence can be read off it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vilib.models.collapse_experiment import TextData
from vilib.models.sentence_vae import SentenceVAE

__all__ = ["commonest", "nearest_mean_accuracy", "probe_accuracy"]


def nearest_mean_accuracy(codes: Tensor, labels: Tensor) -> float:
    """Share of the second half of the codes whose nearest class mean is that of its own class.

    The means are those of the first half. A probe this simple finds what lies open in the code; a
    network might find more.

    Args:
        codes: `[N, D]`.
        labels: `[N]` int64.

    Example:
        >>> codes = torch.tensor([[0.0], [5.0], [0.1], [4.9]])
        >>> nearest_mean_accuracy(codes, torch.tensor([0, 1, 0, 0]))
        0.5
    """
    half = len(codes) // 2
    seen, asked = codes[:half], codes[half:]
    classes = labels[:half].unique()
    means = torch.stack([seen[labels[:half] == c].mean(0) for c in classes])
    guess = classes[torch.cdist(asked, means).argmin(-1)]
    return (guess == labels[half:]).double().mean().item()


@torch.no_grad()
def probe_accuracy(
    model: SentenceVAE, data: TextData, facts: Sequence[str], split: str = "test"
) -> float:
    """How often a fact about a sentence can be read off its posterior mean.

    Args:
        model: The model.
        data: Of `prepare_text`.
        facts: The fact of each sentence of the split, in order; more of them are passed over.
        split: Of the data.

    Returns:
        The accuracy of `nearest_mean_accuracy`; compare it with `commonest`.
    """
    count = len(data.splits[split])
    codes = torch.zeros(count, model.head.code_size)
    for batch in data.batches(split):
        codes[batch.index.cpu()] = model.posterior(batch.tokens, batch.mask).mean.float().cpu()
    return nearest_mean_accuracy(codes, numbered(facts[:count]))


def commonest(facts: Sequence[str]) -> float:
    """Share of the commonest value of a fact: what a probe without a code gets right.

    Example:
        >>> commonest(["past", "past", "present"])
        0.6666666666666666
    """
    return numbered(facts).bincount().max().item() / len(facts)


def numbered(facts: Sequence[str]) -> Tensor:
    """Facts as numbers, `[N]` int64."""
    values = sorted(set(facts))
    return torch.tensor([values.index(fact) for fact in facts])
