"""What is left of a discrete distribution when its k likeliest values are taken out."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Categorical, Distribution

from vilib.estimators.digits import from_digits, log_table
from vilib.sparse.k_best import KBest, backtrack

__all__ = ["Rest"]


class Rest:
    """q restricted to all values but its k likeliest: q(z) / mass, and 0 on those.

    Nothing is rejected, so nothing has to be tried again. The search for the k likeliest drops
    prefixes on its way: together, each with all its continuations, they *are* the rest, and no two
    of them overlap. So draw one in proportion to its mass, and the variables behind it from q.
    The mass is a sum over the dropped prefixes, so it is precise where 1 - ∑ would cancel.

    Attributes:
        mass: 1 - the mass of the k likeliest, `[B]`, without gradient.
        empty: Whether no values are left at all, k having reached their number.

    Args:
        q: A discrete distribution.
        found: What `k_best(log_table(q), k)` found and dropped.

    Example: a die without its two likeliest faces.
        >>> from vilib.sparse.k_best import k_best
        >>> q = Categorical(torch.tensor([0.3, 0.1, 0.6, 0.0]))
        >>> rest = Rest(q, k_best(log_table(q), 2))
        >>> rest.mass, rest.sample(3)
        (tensor(0.1000), tensor([1, 1, 1]))
    """

    def __init__(self, q: Distribution, found: KBest) -> None:
        self.q, self.found = q, found
        self.log_mass = torch.cat([d.flatten(-2) for d in found.dropped], -1)  # [B, M]
        self.mass = self.log_mass.exp().sum(-1)
        self.K = found.dropped[0].shape[-1]
        prefixes = torch.tensor([d.shape[-2] for d in found.dropped], device=self.mass.device)
        self.ends = self.K * prefixes.cumsum(0)  # [D]
        self.empty = found.digits.shape[-2] == self.K ** len(prefixes)

    def sample(self, num_samples: int) -> Tensor:
        """Draws from the rest, `[S, B, *event]`; the likeliest value where the rest has no mass."""
        D = len(self.ends)
        some = self.mass > 0
        cell = Categorical(logits=self.log_mass.where(some[..., None], 0.0)).sample((num_samples,))
        last = torch.bucketize(cell.contiguous(), self.ends, right=True)  # [S, B]
        first = torch.cat([self.ends.new_zeros(1), self.ends[:-1]])[last]
        prefix = backtrack(
            self.found.kept, self.K, last.movedim(0, -1), (cell - first).movedim(0, -1)
        ).movedim(-2, 0)  # [S, B, D]
        behind = Categorical(logits=log_table(self.q).detach()).sample((num_samples,))
        variable = torch.arange(D, device=cell.device)
        digits = torch.where(variable <= last[..., None], prefix, behind)
        digits = torch.where(some[..., None], digits, self.found.digits[..., 0, :])
        return from_digits(self.q, digits)
