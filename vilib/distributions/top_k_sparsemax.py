"""Sparsemax over the k best of exponentially many configurations."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import constraints

from vilib.distributions.atoms import Atoms
from vilib.sparse.k_best import k_best
from vilib.sparse.sparsemax import sparsemax

__all__ = ["TopKSparsemax"]


class TopKSparsemax(Atoms):
    """p = sparsemax of the total scores ∑ᵢ zᵢ scoresᵢ of the k best z; all other z have no mass.

    Measure: mass (counting measure).

    Sparsemax over all 2ᴰ bit vectors would itself have a small support. Where fewer than k of the
    k best got mass, no other configuration would have got any, and this *is* that sparsemax:
    `is_exact` says so. Unlike a product of Bernoulli variables it has dependent bits.

    Args:
        scores: `[*batch, D]`, the score of each bit when it is 1; or, with `one_hot`, the scores of
            the K values of D one-hot rows, `[*batch, D, K]`.
        k: How many configurations may have mass.
        one_hot: Whether z is a one-hot matrix `[D, K]` instead of a bit vector `[D]`.
        validate_args: As in torch.

    Raises:
        ValueError: k < 1.

    Source: G. M. Correia, V. Niculae, W. Aziz and A. F. T. Martins, 2020, Efficient Marginalization
        of Discrete and Structured Latent Variables via Sparsity, https://arxiv.org/abs/2007.01919

    Example: three bits, of whose eight vectors two have mass.
        >>> q = TopKSparsemax(torch.tensor([2.0, -1.5, 0.5]), k=4)
        >>> q.values.tolist()
        [[1.0, 0.0, 1.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 1.0, 0.0]]
        >>> q.probs, q.is_exact
        (tensor([0.7500, 0.2500, 0.0000, 0.0000]), tensor(True))
    """

    def __init__(
        self, scores: Tensor, k: int, one_hot: bool = False, validate_args: bool | None = None
    ) -> None:
        table = scores if one_hot else torch.stack([torch.zeros_like(scores), scores], -1)
        found = k_best(table, k)  # digits [*batch, n, D]
        n, K = found.digits.shape[-2], table.shape[-1]
        digits = found.digits.movedim(-2, 0)
        total = table.expand(n, *table.shape).gather(-1, digits[..., None]).sum((-2, -1))
        self.one_hot, self.complete = one_hot, n == K ** table.shape[-2]
        values = torch.nn.functional.one_hot(digits, K) if one_hot else digits
        super().__init__(values.to(scores), sparsemax(total, dim=0), validate_args)

    @constraints.dependent_property(is_discrete=True)
    def support(self) -> constraints.Constraint:
        """Bit vectors, or one-hot rows; of these few have mass."""
        row = constraints.one_hot if self.one_hot else constraints.boolean
        return constraints.independent(row, 1)

    @property
    def is_exact(self) -> Tensor:
        """Whether sparsemax over all configurations would be the same, `[*batch]`."""
        return (self.probs[-1] == 0) | self.complete
