"""What does a code know? Whether a fact about a sentence can be read off it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from vilib.models.collapse_experiment import TextData
from vilib.models.sentence_vae import SentenceVAE

__all__ = ["Probe", "accuracy_ceiling", "commonest", "nearest_mean_accuracy", "probe"]


class Probe(NamedTuple):
    """How often a fact about a sentence is read off its code.

    Args:
        by_mean: Off the mean of q(z|x), which is never sent.
        by_sample: Off samples z ~ q(z|x), which is what a decoder gets.
        ceiling: No reader of z whatever is right more often, at this rate.
    """

    by_mean: float
    by_sample: float
    ceiling: float


def nearest_mean_accuracy(seen: Tensor, labels: Tensor, asked: Tensor, answers: Tensor) -> float:
    """Share of the asked codes whose nearest class mean, of the seen ones, is that of their class.

    A probe this simple finds what lies open in the code; a network might find more.

    Args:
        seen: Codes that make the class means, `[N, D]`.
        labels: Their classes, `[N]` int64.
        asked: Codes that are tried, `[S, M, D]` or `[M, D]`.
        answers: Their classes, `[M]` int64.

    Example: the last of the three lies nearer to the wrong mean.
        >>> seen, asked = torch.tensor([[0.0], [5.0]]), torch.tensor([[0.1], [4.9], [1.0]])
        >>> nearest_mean_accuracy(seen, torch.tensor([0, 1]), asked, torch.tensor([0, 1, 1]))
        0.6666666666666666
    """
    classes = labels.unique()
    means = torch.stack([seen[labels == c].mean(0) for c in classes])
    guess = classes[torch.cdist(asked, means).argmin(-1)]
    return (guess == answers).double().mean().item()


def accuracy_ceiling(information: float, shares: Sequence[float]) -> float:
    """How often a fact can be told at most from a message with so much information about it.

        H(fact) − H₂(a) − (1 − a) log(K − 1) ≤ I(fact; z) ≤ I(x; z) ≤ rate

    for the accuracy a of any reader. For a fact of one fair bit: log 2 − H₂(a) ≤ I, with equality
    for a bit that is turned over with probability 1 − a.

    Args:
        information: I, in nats.
        shares: How common each of the K ≥ 2 values of the fact is.

    Source: R. M. Fano, 1961, Transmission of Information, MIT Press; T. M. Cover and J. A. Thomas,
        2006, Elements of Information Theory, 2nd edition, section 2.10.

    Example: a fair bit, and nothing, a tenth of a nat, and enough said about it.
        >>> [round(accuracy_ceiling(nats, (0.5, 0.5)), 2) for nats in (0.0, 0.1, 0.7)]
        [0.5, 0.72, 1.0]
    """
    K = len(shares)
    needed = -sum(share * math.log(share) for share in shares if share) - information
    if needed <= 0:
        return 1.0
    low, high = 1 / K, 1.0  # what is left open falls from log K to 0 in between
    for _ in range(50):
        a = (low + high) / 2
        left_open = -a * math.log(a) - (1 - a) * math.log((1 - a) / (K - 1))
        low, high = (a, high) if left_open > needed else (low, a)
    return high


@torch.no_grad()
def probe(
    model: SentenceVAE,
    data: TextData,
    facts: Sequence[str],
    *,
    seed: int,
    split: str = "test",
    num_samples: int = 20,
) -> Probe:
    """How often a fact about a sentence can be read off its code.

    The posterior means of the first half of the split make the class means; the codes of the
    second half are asked. The ceiling is for the rate and the facts of that half.

    Args:
        model: The model.
        data: Of `prepare_text`.
        facts: The fact of each sentence of the split, in order; more of them are passed over.
        seed: Of the samples; the caller's random state is left as it was.
        split: Of the data.
        num_samples: Of each sentence.
    """
    count = len(data.splits[split])
    means, rates = torch.zeros(count, model.head.code_size), torch.zeros(count)
    samples = torch.zeros(num_samples, *means.shape)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for batch in data.batches(split):
            q, at = model.posterior(batch.tokens, batch.mask), batch.index.cpu()
            means[at], rates[at] = q.mean.float().cpu(), model.rate(q).float().cpu()
            samples[:, at] = q.sample((num_samples,)).float().cpu()
    labels, half = numbered(facts[:count]), count // 2
    seen, told, asked = means[:half], labels[:half], labels[half:]
    shares = (asked.bincount() / len(asked)).tolist()
    return Probe(
        nearest_mean_accuracy(seen, told, means[half:], asked),
        nearest_mean_accuracy(seen, told, samples[:, half:], asked),
        accuracy_ceiling(rates[half:].mean().item(), shares),
    )


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
