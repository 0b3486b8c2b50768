"""A mixture of categoricals: naive Bayes whose labels nobody has seen."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["Mixture", "one_topic", "random_mixture"]


class Mixture(NamedTuple):
    """A document chooses a component z, and z chooses each of its words.

        p(x) = ∑ₖ πₖ ∏ᵥ θₖᵥ^nᵥ

    with nᵥ the count of word v. The order of the words is taken as observed: there is no
    multinomial coefficient.

    Attributes:
        log_prior: log π, `[K]`, nats.
        log_words: log θ, `[K, V]`, nats; rows sum to 1 as probabilities.

    Source: K. Nigam, A. McCallum, S. Thrun and T. Mitchell, 2000, Text Classification from Labeled
        and Unlabeled Documents using EM, https://doi.org/10.1023/A:1007692713085

    Example: two components, one of which never says word 1.
        >>> log = torch.tensor([[0.5, 0.5], [1.0, 0.0]]).log()
        >>> mixture = Mixture(torch.tensor([0.5, 0.5]).log(), log)
        >>> mixture.responsibilities(torch.tensor([[2.0, 0.0], [1.0, 1.0]]))
        tensor([[0.2000, 0.8000],
                [1.0000, 0.0000]])
    """

    log_prior: Tensor
    log_words: Tensor

    def log_joint(self, counts: Tensor) -> Tensor:
        """log p(x, z) of documents `[B, V]` with every component, `[B, K]`, nats."""
        # where a component cannot say a word that is not there, 0 · −∞ is 0
        possible = self.log_words.isfinite()
        log_likelihood = counts @ self.log_words.where(possible, 0.0).T  # [B, K]
        if not possible.all():
            refused = counts @ (~possible).to(counts.dtype).T
            log_likelihood = log_likelihood.masked_fill(refused > 0, -torch.inf)
        return self.log_prior + log_likelihood

    def log_evidence(self, counts: Tensor) -> Tensor:
        """log p(x) of documents `[B, V]`, `[B]`, nats."""
        return self.log_joint(counts).logsumexp(-1)

    def responsibilities(self, counts: Tensor) -> Tensor:
        """p(z | x), which component answers for each document, `[B, K]`."""
        return self.log_joint(counts).softmax(-1)

    def relabelled(self, order: Tensor) -> Mixture:
        """The same distribution with component `order[k]` in place k."""
        return Mixture(self.log_prior[order], self.log_words[order])


def one_topic(counts: Tensor, smoothing: float = 0.0) -> Mixture:
    """The control without a latent variable: K = 1, all documents draw from one word list.

    Args:
        counts: `[B, V]`.
        smoothing: Added to the count of every word.

    Example:
        >>> one_topic(torch.tensor([[3.0, 1.0]])).log_words.exp()
        tensor([[0.7500, 0.2500]])
    """
    total = counts.sum(0, keepdim=True) + smoothing
    return Mixture(counts.new_zeros(1), (total / total.sum()).log())


def random_mixture(
    counts: Tensor, num_components: int, generator: torch.Generator, spread: float = 1.0
) -> Mixture:
    """A start for EM: equal shares, and word lists that are the corpus's own, shaken.

    Each component multiplies the corpus's word frequencies by e^(spread · ε), ε ~ N(0, 1). With
    spread 0 all components are alike, and EM cannot tell them apart.

    Args:
        counts: The documents, `[B, V]`.
        num_components: K.
        generator: Source of ε, on the CPU whatever the device of the counts.
        spread: How much the components differ.

    Example:
        >>> start = random_mixture(torch.ones(4, 5), 3, torch.Generator().manual_seed(1))
        >>> start.log_words.shape, start.log_prior.exp()
        (torch.Size([3, 5]), tensor([0.3333, 0.3333, 0.3333]))
    """
    K, V = num_components, counts.shape[-1]
    noise = torch.randn(K, V, generator=generator, dtype=torch.double).to(counts)
    frequency = (counts.sum(0) + 1).log()
    log_words = (frequency + spread * noise).log_softmax(-1)
    return Mixture(counts.new_zeros(K).log_softmax(-1), log_words)
