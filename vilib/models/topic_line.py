"""A continuous mixture: instead of K topics, a line of them."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor
from torch.distributions import Normal

from vilib import exact

__all__ = ["TopicLine"]


class TopicLine(NamedTuple):
    """A document has a position z on a line, and its words are a softmax that moves with z.

        z ~ N(0, 1),    xₜ | z ~ Categorical(softmax(c + w z))
        p(x) = ∫ N(z; 0, 1) ∏ₜ p(xₜ | z) dz

    The sum over components has become an integral. In one dimension quadrature does it.

    Attributes:
        bias: c, the logits in the middle, `[V]`.
        slope: w, how each word's logit changes along the line, `[V]`.

    Source: Y. Kim, S. Wiseman and A. M. Rush, 2018, A Tutorial on Deep Latent Variable Models of
        Natural Language, section 2, https://arxiv.org/abs/1812.06834

    Example:
        >>> import torch
        >>> line = TopicLine(torch.zeros(4).double(), torch.tensor([2.0, 1.0, -1.0, -2.0]).double())
        >>> counts = torch.tensor([[3.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 2.0]]).double()
        >>> line.log_evidence(counts).shape, line.posterior_mean(counts).sign()
        (torch.Size([2]), tensor([ 1., -1.], dtype=torch.float64))
    """

    bias: Tensor
    slope: Tensor

    def log_joint(self, counts: Tensor, z: Tensor) -> Tensor:
        """log p(x, z) for documents `[B, V]` at positions z `[N]`, `[N, B]`, nats."""
        log_words = (self.bias + z[:, None] * self.slope).log_softmax(-1)  # [N, V]
        return Normal(0.0, 1.0).log_prob(z)[:, None] + log_words @ counts.T

    def log_evidence(self, counts: Tensor) -> Tensor:
        """log p(x) by quadrature, `[B]`, nats, differentiable in bias and slope."""
        return exact.log_evidence(lambda z: self.log_joint(counts, z), self.points())

    def posterior_mass(self, counts: Tensor) -> Tensor:
        """p(z | x) at the points of the quadrature times their weights, `[N, B]`; sums to 1."""
        points = self.points()
        log_density = exact.posterior(lambda z: self.log_joint(counts, z), points)
        return (log_density + points.log_weights[:, None]).exp()

    def posterior_mean(self, counts: Tensor) -> Tensor:
        """E[z | x], `[B]`."""
        return self.points().values @ self.posterior_mass(counts)

    def points(self) -> exact.Points:
        """200 nodes on [−8, 8], on the device of the parameters."""
        points = exact.quadrature(-8.0, 8.0, num=200)
        return exact.Points(*(part.to(self.bias.device) for part in points))
