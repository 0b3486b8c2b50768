"""What the highlighter shows: one sentence, what q selects, and the exact ELBO of that choice.

Each word i has a switch z_i ~ Bernoulli(q_i) under q and Bernoulli(rate) a priori; the label is
predicted from the selected words. Forcing a word on or off sets q_i to 1 or 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Distribution, Independent

from vilib import exact
from vilib.datasets import Tree, Vocabulary

__all__ = ["FIVE_CLASSES", "Rationale", "Sentence", "State", "annotate"]

FIVE_CLASSES = ("very negative", "negative", "neutral", "positive", "very positive")


class Rationale(Protocol):
    """What the highlighter asks of a rationale model, such as `vilib.models.RationaleModel`.

    Axes: S samples, B batch, T words, K classes.

    Attributes:
        prior_rate: p(z_i = 1), in (0, 1).
    """

    prior_rate: float

    def posterior(self, tokens: Tensor, mask: Tensor) -> Distribution:
        """q(z|x): Bernoulli switches, batch `[B]`, event `[T]`."""

    def log_likelihood(self, tokens: Tensor, mask: Tensor, z: Tensor, label: Tensor) -> Tensor:
        """log p(y|x, z), `[S, B]`, for z `[S, B, T]`."""

    def classify(self, tokens: Tensor, mask: Tensor, z: Tensor) -> Tensor:
        """Logits of the classes, `[S, B, K]`."""


class Sentence(NamedTuple):
    """One sentence with its gold label.

    Attributes:
        words: What is shown, T strings.
        tokens: Their ids, `[T]`, int64.
        label: The gold class.
    """

    words: Sequence[str]
    tokens: Tensor
    label: int

    @classmethod
    def of(cls, tree: Tree, vocabulary: Vocabulary) -> Sentence:
        """A tree of a sentiment treebank as the highlighter wants it.

        Example:
            >>> from vilib.datasets import Vocabulary, parse_tree
            >>> tree = parse_tree("(3 (2 It) (3 works))")
            >>> Sentence.of(tree, Vocabulary.build([tree]))
            Sentence(words=('It', 'works'), tokens=tensor([2, 3]), label=3)
        """
        return cls(tuple(tree.words), torch.tensor(vocabulary.encode(tree.words)), tree.label)


@dataclass(frozen=True)
class State:
    """One sentence with a choice of forced words.

    Attributes:
        words: T words.
        probabilities: q(z_i = 1) for each, forced ones included, between 0 and 1.
        forced: For each word True (forced on), False (forced off) or None (free).
        class_probabilities: E_q[p(y|x, z)] for each class.
        class_names: As many names.
        label: The gold class.
        log_likelihood: E_q[log p(label|x, z)] in nats.
        rate: KL(q‖prior) in nats, summed over words.
        prior_rate: The prior's probability that a word is selected.
        standard_error: Of the log likelihood; 0 where all masks were enumerated.
    """

    words: tuple[str, ...]
    probabilities: tuple[float, ...]
    forced: tuple[bool | None, ...]
    class_probabilities: tuple[float, ...]
    label: int
    log_likelihood: float
    rate: float
    prior_rate: float
    class_names: tuple[str, ...] = FIVE_CLASSES
    standard_error: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a state whose parts do not fit together."""
        if not len(self.words) == len(self.probabilities) == len(self.forced):
            raise ValueError("words, probabilities and forced must have one entry per word")
        if len(self.class_names) != len(self.class_probabilities):
            raise ValueError("class_names must name every class probability")
        if not all(0 <= p <= 1 for p in self.probabilities):
            raise ValueError("probabilities must lie between 0 and 1")

    @property
    def elbo(self) -> float:
        """E_q[log p(y|x, z)] - KL(q‖prior), in nats."""
        return self.log_likelihood - self.rate

    @property
    def price(self) -> float:
        """-log rate: what a word costs, in nats, that is selected for certain."""
        return -math.log(self.prior_rate)


def annotate(
    model: Rationale,
    sentence: Sentence,
    forced: Sequence[bool | None] | None = None,
    class_names: tuple[str, ...] = FIVE_CLASSES,
    max_exact: int = 12,
    num_samples: int = 512,
) -> State:
    """What the model makes of a sentence, some of whose words are forced.

    Up to `max_exact` free words all 2ⁿ masks are summed; beyond that `num_samples` masks are drawn,
    the same ones at each call, and the state carries the standard error.

    Args:
        model: Anything that `Rationale` describes; a network should be in `eval()`.
        sentence: Words, token ids and gold label.
        forced: One of True, False, None per word; None leaves the word to q.
        class_names: Names of the model's classes.
        max_exact: The most free words for which the sum is exact.
        num_samples: How many masks are drawn beyond that.

    Raises:
        ValueError: `forced` has another length than the sentence.
    """
    T = len(sentence.words)
    forced = (None,) * T if forced is None else tuple(forced)
    if len(forced) != T:
        raise ValueError(f"forced has {len(forced)} entries for {T} words")
    with torch.no_grad():
        q = model.posterior(*padded(sentence)).mean[0]
        probs = switched(q.double(), forced)
        z, weights = masks(probs, forced, max_exact, num_samples)
        values, classes = evaluate(model, sentence, z.to(q.dtype))
    mean = (weights * values).sum()
    spread = (weights * (values - mean) ** 2).sum().sqrt().item()
    summed = forced.count(None) <= max_exact
    return State(
        words=tuple(sentence.words),
        probabilities=tuple(probs.tolist()),
        forced=forced,
        class_probabilities=tuple((weights[:, None] * classes).sum(0).tolist()),
        label=int(sentence.label),
        log_likelihood=mean.item(),
        rate=switch_kl(probs, model.prior_rate).sum().item(),
        prior_rate=model.prior_rate,
        class_names=class_names,
        standard_error=0.0 if summed else spread / math.sqrt(num_samples),
    )


def padded(sentence: Sentence) -> tuple[Tensor, Tensor]:
    """A batch of one: tokens and mask, `[1, T]` each, no padding."""
    tokens = sentence.tokens[None]
    return tokens, torch.ones_like(tokens, dtype=torch.bool)


def switched(probs: Tensor, forced: Sequence[bool | None]) -> Tensor:
    """q(z_i = 1) with forced words at 1 or 0, `[T]`."""
    hold = torch.tensor([f is not None for f in forced], device=probs.device)
    value = torch.tensor([float(bool(f)) for f in forced], device=probs.device).double()
    return torch.where(hold, value, probs).clamp(0, 1)


def masks(
    probs: Tensor, forced: Sequence[bool | None], max_exact: int, num_samples: int
) -> tuple[Tensor, Tensor]:
    """Masks `[S, T]` and their weights `[S]`: all of q's, or draws with equal weights."""
    free = [i for i, f in enumerate(forced) if f is None]
    q = Independent(Bernoulli(probs[free]), 1)
    if len(free) <= max_exact:
        drawn = exact.enumerate_support(q).values
        weights = q.log_prob(drawn).exp()
    else:
        # one fixed stream: the picture must not flicker when nothing was changed
        stream = torch.Generator().manual_seed(1)
        uniform = torch.rand(num_samples, len(free), generator=stream, dtype=torch.double)
        drawn = (uniform.to(probs.device) < probs[free]).double()
        weights = torch.full((num_samples,), 1 / num_samples, dtype=torch.double)
    z = probs.round().repeat(len(drawn), 1)
    z[:, free] = drawn
    return z, weights.to(probs.device)


def evaluate(model: Rationale, sentence: Sentence, z: Tensor) -> tuple[Tensor, Tensor]:
    """log p(label|x, z) `[S]` and p(y|x, z) `[S, K]`, float64."""
    tokens, mask = padded(sentence)
    label = torch.tensor([sentence.label], device=tokens.device)
    z = z[:, None]  # [S, 1, T]
    values = model.log_likelihood(tokens, mask, z, label)[:, 0]
    return values.double(), model.classify(tokens, mask, z)[:, 0].double().softmax(-1)


def switch_kl(probs: Tensor, rate: float) -> Tensor:
    """KL(Bernoulli(q_i)‖Bernoulli(rate)) per word, `[T]`, with 0 · log 0 = 0."""
    on = torch.special.xlogy(probs, probs / rate)
    return on + torch.special.xlogy(1 - probs, (1 - probs) / (1 - rate))
