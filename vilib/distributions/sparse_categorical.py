"""Categorical distributions in which most categories have no mass at all."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Size, Tensor
from torch.distributions import Categorical, OneHotCategorical, kl_divergence, register_kl
from torch.distributions.utils import lazy_property

from vilib.distributions.atoms import safe_log
from vilib.sparse.sparsemax import sparsemax

__all__ = ["SparseCategorical", "SparseOneHotCategorical"]


class SparseCategorical(Categorical):
    """p = sparsemax(scores), the point of the simplex nearest to the scores.

    Measure: mass (counting measure).

    Categories with a low score have probability exactly 0 and log mass -∞, and no gradient: an
    expectation is a short sum (`vilib.estimators.SparseMarginalisation`).

    Args:
        scores: One per category, `[*batch, K]`; -∞ bars a category.
        validate_args: As in torch.

    Source: A. F. T. Martins and R. F. Astudillo, 2016, From Softmax to Sparsemax: A Sparse Model of
        Attention and Multi-Label Classification, https://arxiv.org/abs/1602.02068

    Example:
        >>> q = SparseCategorical(torch.tensor([1.0, 0.5, -1.0]))
        >>> q.probs, q.log_prob(torch.tensor([0, 2])), q.entropy()
        (tensor([0.7500, 0.2500, 0.0000]), tensor([-0.2877,    -inf]), tensor(0.5623))
    """

    def __init__(self, scores: Tensor, validate_args: bool | None = None) -> None:
        self.scores = scores
        super().__init__(probs=sparsemax(scores, dim=-1), validate_args=validate_args)

    @lazy_property
    def logits(self) -> Tensor:
        """log p, `[*batch, K]`; -∞ where torch would put log eps."""
        return safe_log(self.probs)

    def entropy(self) -> Tensor:
        """-∑ p log p in nats, `[*batch]`, with 0 log 0 = 0."""
        return -(self.probs * self.logits.where(self.probs > 0, 0.0)).sum(-1)

    def expand(self, batch_shape: Size | Sequence[int], _instance: object = None) -> Categorical:
        """The same with batch axes repeated, as in torch."""
        scores = self.scores.expand(*batch_shape, self.scores.shape[-1])
        return SparseCategorical(scores, validate_args=self._validate_args)


class SparseOneHotCategorical(OneHotCategorical):
    """`SparseCategorical` with one-hot values, `[*batch, K]`.

    Args:
        scores: One per category, `[*batch, K]`; -∞ bars a category.
        validate_args: As in torch.

    Example:
        >>> q = SparseOneHotCategorical(torch.tensor([1.0, 0.5, -1.0]))
        >>> q.mode, q.mean
        (tensor([1., 0., 0.]), tensor([0.7500, 0.2500, 0.0000]))
    """

    def __init__(self, scores: Tensor, validate_args: bool | None = None) -> None:
        # OneHotCategorical makes a Categorical of its own: replace it
        super().__init__(logits=torch.zeros_like(scores), validate_args=validate_args)
        self._categorical = SparseCategorical(scores, validate_args)

    def expand(
        self, batch_shape: Size | Sequence[int], _instance: object = None
    ) -> OneHotCategorical:
        """The same with batch axes repeated, as in torch."""
        scores = self._categorical.scores.expand(*batch_shape, *self.event_shape)
        return SparseOneHotCategorical(scores, validate_args=self._validate_args)


@register_kl(SparseCategorical, Categorical)
def kl_sparse(p: SparseCategorical, q: Categorical) -> Tensor:
    """KL(p ‖ q) in nats, `[*batch]`: a sum over p's support, ∞ where q lacks some of it."""
    some = p.probs > 0
    gap = p.logits.where(some, 0.0) - q.logits.where(some, 0.0)
    return (p.probs * gap).sum(-1)


@register_kl(SparseOneHotCategorical, OneHotCategorical)
def kl_sparse_one_hot(p: SparseOneHotCategorical, q: OneHotCategorical) -> Tensor:
    """The same for one-hot values."""
    return kl_divergence(p._categorical, q._categorical)
