"""Small mixtures of categoricals, with documents, as the checks of unit 02 draw them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact

__all__ = ["SmallMixture", "draw_mixture"]


class SmallMixture(NamedTuple):
    """Parameters and documents, float64.

    Attributes:
        log_prior: `[K]`. log_words: `[K, V]`. counts: `[B, V]`.
    """

    log_prior: Tensor
    log_words: Tensor
    counts: Tensor

    def log_joint(self) -> Tensor:
        """log p(x, z), `[B, K]`: each word of each document on its own, by torch's Categorical."""
        components = Categorical(logits=self.log_words)
        rows = []
        for counts in self.counts:
            words = torch.arange(len(counts)).repeat_interleave(counts.long())
            rows.append(components.log_prob(words[:, None]).sum(0))
        return self.log_prior + torch.stack(rows)

    def posterior(self) -> Tensor:
        """p(z | x), `[B, K]`, by enumeration."""
        table = self.log_joint().T
        values = exact.enumerate_support(Categorical(logits=self.log_prior))
        return exact.posterior(lambda z: table[z], values).T.exp()

    def log_evidence(self) -> Tensor:
        """log p(x), `[B]`, by enumeration."""
        table = self.log_joint().T
        values = exact.enumerate_support(Categorical(logits=self.log_prior))
        return exact.log_evidence(lambda z: table[z], values)


def draw_mixture(
    seed: int,
    num_components: int = 3,
    num_documents: int = 5,
    num_words: int = 4,
    longest: int = 4,
) -> SmallMixture:
    """A mixture whose components are not far apart, and documents of unequal length.

    Args:
        seed: Of all that is drawn.
        num_components: K.
        num_documents: B; with 1 the length is `longest`.
        num_words: V.
        longest: Words of the longest document, which is the last; the first has 1.

    Example:
        >>> mixture = draw_mixture(1)
        >>> mixture.counts.sum(-1).tolist(), mixture.log_words.shape
        ([1.0, 1.0, 2.0, 3.0, 4.0], torch.Size([3, 4]))
    """
    generator = torch.Generator().manual_seed(seed)
    K, B, V = num_components, num_documents, num_words
    prior = 0.2 + torch.rand(K, generator=generator, dtype=torch.double)
    words = 0.1 + torch.rand(K, V, generator=generator, dtype=torch.double)
    lengths = torch.linspace(1, longest, B).long() if B > 1 else [longest]
    drawn = [torch.randint(V, (int(n),), generator=generator) for n in lengths]
    counts = torch.stack([d.bincount(minlength=V) for d in drawn]).double()
    return SmallMixture(
        (prior / prior.sum()).log(), (words / words.sum(-1, keepdim=True)).log(), counts
    )
