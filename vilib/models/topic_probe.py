"""What does a code know? Whether the topic of a sentence can be read off it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vilib.models.collapse_experiment import TextData
from vilib.models.sentence_vae import SentenceVAE

__all__ = ["nearest_mean_accuracy", "topic_accuracy"]


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
def topic_accuracy(model: SentenceVAE, data: TextData, topics: Sequence[str]) -> float:
    """How often the topic of a test sentence can be read off its posterior mean.

    Args:
        model: The model.
        data: Of `prepare_text`.
        topics: Of each test sentence, in order, from `vilib.datasets.topic_of`.

    Returns:
        The accuracy of `nearest_mean_accuracy`; with eight topics, chance is about .125.
    """
    names = sorted(set(topics))
    count = len(data.splits["test"])
    labels = torch.tensor([names.index(topic) for topic in topics[:count]])
    codes = labels.new_zeros(count, model.head.code_size, dtype=torch.float)
    for batch in data.batches("test"):
        codes[batch.index.cpu()] = model.posterior(batch.tokens, batch.mask).mean.cpu()
    return nearest_mean_accuracy(codes, labels)
