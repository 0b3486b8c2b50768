"""The mixture that writes the keywords of `topics`, and the exact entropy of what it writes.

The words come in seven lists. Three belong to one topic each, three are shared by two topics (a cup
can be won or filled), one is everybody's. A topic chooses a list, then a word of that list; how it
chooses within a list is the same for all topics. So the posterior depends on a document only
through how many words of each list it holds, and the entropy is a sum over these few counts.
"""

from __future__ import annotations

from itertools import combinations
from math import lgamma

import torch
from torch import Tensor

__all__ = ["CLASSES", "LENGTHS", "PRIOR", "WORDS", "topics_entropy", "topics_truth"]

CLASSES = ("football", "cooking", "money")
PRIOR = (0.5, 0.3, 0.2)
LENGTHS = tuple(range(4, 13))

# the words of a list, the likeliest first, and how often each topic chooses the list
LISTS: tuple[tuple[str, tuple[float, float, float]], ...] = (
    ("goal coach league striker referee stadium", (0.34, 0.02, 0.02)),
    ("oven recipe onion butter chef simmer", (0.02, 0.34, 0.02)),
    ("loan broker invoice dividend inflation shareholder", (0.02, 0.02, 0.34)),
    ("cup table season beat", (0.15, 0.15, 0.04)),
    ("stock cut spread reduce", (0.04, 0.15, 0.15)),
    ("transfer score bonus penalty", (0.15, 0.04, 0.15)),
    ("new week today good year people first best", (0.28, 0.28, 0.28)),
)
WORDS = tuple(word for words, _ in LISTS for word in words.split())


def within(size: int) -> Tensor:
    """How a list's words are chosen: ∝ 1/2, 1/3, 1/4 …, `[size]` float64."""
    weight = 1 / torch.arange(2, size + 2, dtype=torch.double)
    return weight / weight.sum()


def topics_truth() -> tuple[Tensor, Tensor]:
    """log p(z) `[3]` and log p(w | z) `[3, 38]` of the model that writes the documents, in nats.

    Example:
        >>> log_prior, log_words = topics_truth()
        >>> log_prior.exp()
        tensor([0.5000, 0.3000, 0.2000], dtype=torch.float64)
        >>> log_words.exp().sum(-1)
        tensor([1., 1., 1.], dtype=torch.float64)
    """
    columns = [
        torch.tensor(chosen, dtype=torch.double)[:, None] * within(len(words.split()))
        for words, chosen in LISTS
    ]
    return torch.tensor(PRIOR, dtype=torch.double).log(), torch.cat(columns, dim=-1).log()


def topics_entropy(length: int) -> float:
    """H(x) of a document of T keywords in a given order, exactly, in nats.

        H(x) = T ∑ₗ p(l) H(w | l) − ∑_c (number of orders of c) m(c) log m(c),
        m(c) = ∑_z p(z) ∏ₗ p(l | z)^cₗ

    where c counts the words of each list.

    Args:
        length: T.

    Example: a single word has the entropy of the mean of the topics' word distributions.
        >>> log_prior, log_words = topics_truth()
        >>> mean = (log_prior.exp()[:, None] * log_words.exp()).sum(0)
        >>> abs(topics_entropy(1) + (mean * mean.log()).sum().item()) < 1e-12
        True
    """
    chosen = torch.tensor([probs for _, probs in LISTS], dtype=torch.double)  # [L, 3]
    prior = torch.tensor(PRIOR, dtype=torch.double)
    inner = torch.stack([entropy(within(len(words.split()))) for words, _ in LISTS])
    c = compositions(length, len(LISTS))  # [N, L]
    orders = lgamma(length + 1) - torch.lgamma(c + 1).sum(-1)
    log_m = (prior.log() + c @ chosen.log()).logsumexp(-1)
    outer = -((orders + log_m).exp() * log_m).sum()
    return float(length * (chosen @ prior) @ inner + outer)


def entropy(p: Tensor) -> Tensor:
    """−∑ p log p in nats, `[V]` → `[]`."""
    return -(p * p.log()).sum()


def compositions(total: int, parts: int) -> Tensor:
    """All ways to write `total` as an ordered sum of `parts` counts, `[N, parts]` float64.

    Example:
        >>> compositions(2, 2).tolist()
        [[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]]
    """
    bars = torch.tensor(list(combinations(range(total + parts - 1), parts - 1))).long()
    edge = bars.new_full((len(bars), 1), -1)
    ends = torch.cat([edge, bars, edge + total + parts], dim=1)
    return (ends.diff(dim=1) - 1).double()
