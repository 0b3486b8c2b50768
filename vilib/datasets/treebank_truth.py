"""What is exactly known about the generated treebank: p(label | sentence) and the entropies.

A label depends on its sentence x through the score s(x) alone: with probability .85 it is s + 2,
and else one of the neighbouring classes, all equally likely. So p(y | x) is known for every
sentence, and since the grammar is finite and has one derivation a sentence, every entropy is a
finite sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.datasets.grammar import LEXICON, RULES, START, combine, score

__all__ = ["TreebankTruth", "channel", "label_probabilities", "treebank_truth"]

FIDELITY = 0.85


@dataclass(frozen=True)
class TreebankTruth:
    """Exact properties of the generated treebank, entropies in nats.

    Args:
        class_probabilities: p(y), `[5]` float64.
        bayes_accuracy: Accuracy of the best classifier there is, argmax p(y | x).
        label_entropy: H(y).
        conditional_entropy: H(y | x), the least cross-entropy that a classifier can reach.
        sentence_entropy: H(x).

    Example:
        >>> truth = treebank_truth()
        >>> f"{truth.bayes_accuracy:.2f}, {truth.conditional_entropy:.4f}"
        '0.85, 0.4756'
    """

    class_probabilities: Tensor
    bayes_accuracy: float
    label_entropy: float
    conditional_entropy: float
    sentence_entropy: float

    @property
    def mutual_information(self) -> float:
        """I(x; y) = H(y) − H(y | x): what a reader can learn about the label, in nats."""
        return self.label_entropy - self.conditional_entropy


def channel() -> Tensor:
    """p(y | s): row s + 2, column y, `[5, 5]` float64.

    Example:
        >>> channel()[:2]
        tensor([[0.8500, 0.1500, 0.0000, 0.0000, 0.0000],
                [0.0750, 0.8500, 0.0750, 0.0000, 0.0000]], dtype=torch.float64)
    """
    classes = torch.arange(5)
    near = ((classes - classes[:, None]).abs() == 1).double()
    slip = (1 - FIDELITY) * near / near.sum(1, keepdim=True)
    return slip + FIDELITY * torch.eye(5, dtype=torch.double)


def label_probabilities(words: Sequence[str]) -> Tensor:
    """p(y | x) of one sentence of the generated treebank, `[5]` float64.

    Example:
        >>> label_probabilities("The film is not good .".split())
        tensor([0.0750, 0.8500, 0.0750, 0.0000, 0.0000], dtype=torch.float64)
    """
    return channel()[score(words) + 2]


def treebank_truth() -> TreebankTruth:
    """The exact facts, computed from the grammar's rules; nothing is sampled."""
    of_score = torch.zeros(5, dtype=torch.double)
    for value, probability in score_distribution(START).items():
        of_score[max(-2, min(2, value)) + 2] += probability
    rows = channel()
    classes = of_score @ rows
    return TreebankTruth(
        class_probabilities=classes,
        bayes_accuracy=float(of_score @ rows.max(1).values),
        label_entropy=float(entropy(classes)),
        conditional_entropy=float(of_score @ entropy(rows)),
        sentence_entropy=sentence_entropy(START),
    )


def score_distribution(symbol: str) -> dict[int, float]:
    """Score of what a symbol becomes → its probability: a convolution over each rule's parts."""
    if symbol in LEXICON:
        return {LEXICON[symbol][0] - 2: 1.0}
    result: dict[int, float] = defaultdict(float)
    for weight, parts in RULES[symbol]:
        modifier, parts = (parts[0], parts[1:]) if parts[0] in ("NOT", "TRULY") else ("", parts)
        totals = {0: weight}
        for part in parts:
            totals = convolve(totals, score_distribution(part))
        for value, probability in totals.items():
            result[combine(modifier, value)] += probability
    return result


def convolve(first: dict[int, float], second: dict[int, float]) -> dict[int, float]:
    """The distribution of the sum of two independent scores."""
    result: dict[int, float] = defaultdict(float)
    for a, p in first.items():
        for b, q in second.items():
            result[a + b] += p * q
    return result


def sentence_entropy(symbol: str) -> float:
    """Entropy of what a symbol becomes: of the choice of a rule, and of its parts on average.

    Source: U. Grenander, 1967, Syntax-controlled probabilities, Brown University.
    """
    if symbol in LEXICON:
        words = LEXICON[symbol][1]
        return choice_entropy(count / len(words) for count in Counter(words).values())
    rules = RULES[symbol]
    below = sum(weight * sum(map(sentence_entropy, parts)) for weight, parts in rules)
    return choice_entropy(weight for weight, _ in rules) + below


def choice_entropy(probabilities: Iterable[float]) -> float:
    """Entropy of one choice, in nats."""
    return float(entropy(torch.tensor(list(probabilities), dtype=torch.double)))


def entropy(probabilities: Tensor) -> Tensor:
    """−Σ p log p along the last dimension, `[..., K]` → `[...]`, in nats."""
    return -torch.xlogy(probabilities, probabilities).sum(-1)
