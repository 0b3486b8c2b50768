"""What the chains of a factorial HMM emit together: any table, or a Gaussian around a sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from vilib.exact.points import guard

__all__ = ["AdditiveGaussian", "Emission", "EmissionTable"]


class Emission(Protocol):
    """log p(xₜ | z¹ₜ, …, zᴸₜ) of what was observed; what a factorial HMM needs to know of it.

    Example: a table is one.
        >>> emission: Emission = EmissionTable(torch.zeros(1, 5, 3, 3))
        >>> emission.shape
        (1, 5, 2, 3)
    """

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """B, T, L, K."""

    def table(self) -> Tensor:
        """All its values, `[B, T, K, …, K]`, one axis per chain."""

    def expected(self, marginals: Tensor, chain: int) -> Tensor:
        """Its mean over all other chains, as a function of this chain's state, `[B, T, K]`.

        Args:
            marginals: q(zˡₜ = k), `[L, B, T, K]`.
            chain: l.
        """


@dataclass(frozen=True, eq=False)
class EmissionTable:
    """Any emission, written out: Kᴸ numbers per position.

    Args:
        values: log p(xₜ | z¹ₜ, …, zᴸₜ), `[B, T, K, …, K]`, nats.

    Example: two chains; the mean over the second, which is in state 0 or 1 with 1/2 each.
        >>> emission = EmissionTable(torch.tensor([[0.0, 2.0], [4.0, 8.0]])[None, None])
        >>> emission.expected(torch.full((2, 1, 1, 2), 0.5), chain=0)
        tensor([[[1., 6.]]])
    """

    values: Tensor

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """B, T, L, K."""
        B, T, K = self.values.shape[:3]
        return B, T, self.values.dim() - 2, K

    def table(self) -> Tensor:
        """The table itself."""
        return self.values

    def expected(self, marginals: Tensor, chain: int) -> Tensor:
        """The mean over the other chains, `[B, T, K]`; a state without mass adds nothing."""
        mean, L = self.values, self.shape[2]
        for other in reversed(range(L)):
            if other != chain:
                # last axes first, so that this chain's axis is still where it was
                axes = mean.movedim(2 + other, -1)
                q = marginals[other].view(*axes.shape[:2], *[1] * (axes.dim() - 3), -1)
                mean = torch.where(q > 0, q * axes, 0.0).sum(-1)
        return mean


@dataclass(frozen=True, eq=False)
class AdditiveGaussian:
    """xₜ ~ N(∑ₗ μˡ(zˡₜ), C): the chains' means add up.

    The mean over the other chains needs only their mean m and covariance S, so that no table of Kᴸ
    numbers is made:

        E[log p(x | zˡ = k)] = log N(x; μˡ(k) + m, C) - ½ tr(C⁻¹ S).

    Args:
        observations: x, `[B, T, D]`.
        means: μ, `[L, K, D]`.
        covariance: C, `[D, D]`, positive definite.

    Source: Z. Ghahramani and M. I. Jordan, 1997, Factorial Hidden Markov Models,
        https://doi.org/10.1023/A:1007425814087 (equation 4)

    Example: two chains with means 0 or 1; x = 2 is explained best if both are in state 1.
        >>> means = torch.tensor([[[0.0], [1.0]], [[0.0], [1.0]]])
        >>> emission = AdditiveGaussian(torch.tensor([[[2.0]]]), means, torch.eye(1))
        >>> emission.table() - emission.table().max()
        tensor([[[[-2.0000, -0.5000],
                  [-0.5000,  0.0000]]]])
    """

    observations: Tensor
    means: Tensor
    covariance: Tensor

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """B, T, L, K."""
        return *self.observations.shape[:2], *self.means.shape[:2]

    def table(self) -> Tensor:
        """log p(xₜ | z¹ₜ, …, zᴸₜ), `[B, T, K, …, K]`, nats."""
        B, T, L, K = self.shape
        guard(B * T * K**L, f"the table of {L} chains with {K} states each")
        total = self.means[0]
        for mean in self.means[1:]:
            total = total[..., None, :] + mean
        x = self.observations.view(B, T, *[1] * L, -1)
        return MultivariateNormal(total, self.covariance).log_prob(x)

    def expected(self, marginals: Tensor, chain: int) -> Tensor:
        """The mean over the other chains, `[B, T, K]`."""
        others = [i for i in range(len(self.means)) if i != chain]
        q, mu = marginals[others], self.means[others]
        m = torch.einsum("lbtk,lkd->lbtd", q, mu)
        # per position, summed over chains: tr(C⁻¹ E[μ μᵀ]) - tr(C⁻¹ m mᵀ)
        precision = torch.linalg.inv(self.covariance)
        squares = torch.einsum("lkd,de,lke->lk", mu, precision, mu)
        spread = torch.einsum("lbtk,lk->bt", q, squares)
        spread = spread - torch.einsum("lbtd,de,lbte->bt", m, precision, m)
        centre = self.means[chain] + m.sum(0)[:, :, None]  # [B, T, K, D]
        x = self.observations[:, :, None]
        return MultivariateNormal(centre, self.covariance).log_prob(x) - spread[..., None] / 2
