"""The small sentences that the checks of the rationale model are run on."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Independent

from vilib import exact

__all__ = ["Sentences", "all_masks", "draw_sentences", "log_mass", "random_reward"]


class Sentences(NamedTuple):
    """Three short sentences, one of them without padding, float64.

    Attributes:
        logits: Logits of q(z_i = 1), `[B, T]`. At padding they are *not* 0, so that counting
            padding shows.
        mask: True on words, `[B, T]`.
        z: Selections, 0 or 1, and 0 at padding, `[S, B, T]`.
    """

    logits: Tensor
    mask: Tensor
    z: Tensor


def draw_sentences(seed: int, samples: int = 4) -> Sentences:
    """Sentences of 6, 4 and 3 words, padded to 6, with random logits and selections.

    Example:
        >>> logits, mask, z = draw_sentences(seed=1)
        >>> tuple(logits.shape), mask.sum(-1).tolist(), tuple(z.shape)
        ((3, 6), [6, 4, 3], (4, 3, 6))
    """
    generator = torch.Generator().manual_seed(seed)
    mask = torch.arange(6) < torch.tensor([6, 4, 3])[:, None]
    size = torch.empty(3, 6, dtype=torch.double).uniform_(0.2, 2.5, generator=generator)
    sign = torch.where(torch.rand(3, 6, generator=generator) < 0.5, -1.0, 1.0)
    z = (torch.rand(samples, 3, 6, generator=generator) < 0.5).double() * mask
    return Sentences(size * sign, mask, z)


def all_masks(words: int) -> Tensor:
    """Every selection of a sentence, `[2**words, words]`, float64.

    Example:
        >>> all_masks(2).shape
        torch.Size([4, 2])
    """
    q = Independent(Bernoulli(torch.full((words,), 0.5, dtype=torch.double)), 1)
    return exact.enumerate_support(q).values


def log_mass(z: Tensor, logits: Tensor) -> Tensor:
    """log q(z) of independent words, summed over the last axis: Σᵢ log Bernoulli(zᵢ | σ(logitᵢ)).

    Example:
        >>> log_mass(all_masks(2), torch.zeros(2).double()).exp()
        tensor([0.2500, 0.2500, 0.2500, 0.2500], dtype=torch.float64)
    """
    return -torch.nn.functional.softplus(torch.where(z > 0.5, -logits, logits)).sum(-1)


def random_reward(z: Tensor, seed: int) -> Tensor:
    """A reward that is not linear in the selection, `[..., T]` → `[...]`: neighbours interfere.

    Its mean is far from 0, as a log-likelihood's is; a score function without a baseline suffers
    from that.

    Example:
        >>> random_reward(all_masks(3), seed=1).shape
        torch.Size([8])
    """
    generator = torch.Generator().manual_seed(seed + 10_000)
    words = z.shape[-1]
    weight = torch.empty(words, dtype=torch.double).uniform_(0.3, 1.5, generator=generator)
    pair = torch.empty(words - 1, dtype=torch.double).uniform_(0.5, 1.5, generator=generator)
    return z @ weight - (z[..., :-1] * z[..., 1:]) @ pair - 4.0
