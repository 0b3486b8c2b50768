"""A VAE with two latent dimensions, in which everything can be integrated."""

from __future__ import annotations

import copy
import math
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, Normal
from torch.nn.functional import softplus

from vilib import exact

__all__ = ["Planar", "PlaneModel"]

# the box that is integrated over: the prior leaves 1e-6 outside
REACH, NODES = 5.0, 160
# Gauss-Hermite nodes a side under q
UNDER_Q = 20
# steps of the climb to the best q of one picture
STEPS = 200


class Planar(Protocol):
    """A VAE with D = 2 and Bernoulli pixels, such as `vilib.models.vae.VAE`."""

    decoder: nn.Module

    def posterior(self, x: Tensor) -> Independent:
        """q(z | x)."""


class PlaneModel:
    """Pictures of ink and paper under a VAE with two latent dimensions, all numbers exact.

        log p(x) = log ∫ N(z; 0, I) p(x | z) dz  by 160 × 160 nodes over [-5, 5]²

    The model is copied in float64 to the CPU; training it on changes nothing here.

    Args:
        model: The VAE; its decoder gives logits of ink.
        x: Pictures of zeros and ones, `[B, P]` with P a square number.
        labels: What they show, for the read-out, `[B]`; −1 where nobody knows.

    Raises:
        ValueError: The pictures are not zeros and ones, or not square.

    Example:
        >>> from vilib.models.vae import VAE
        >>> _ = torch.manual_seed(1)
        >>> plane = PlaneModel(VAE(4, 2, 8), torch.eye(4), torch.arange(4))
        >>> plane.evidence.shape
        torch.Size([4])
    """

    def __init__(self, model: Planar, x: Tensor, labels: Tensor) -> None:
        self.side = math.isqrt(x.shape[1])
        if self.side**2 != x.shape[1] or not bool(((x == 0) | (x == 1)).all()):
            raise ValueError("expected square pictures of zeros and ones")
        self.model = copy.deepcopy(model).cpu().double().requires_grad_(False)
        self.x, self.labels = x.cpu().double(), labels.cpu()
        self.best: dict[int, Independent] = {}

    @property
    def q(self) -> Independent:
        """The encoder's q for all pictures, batch shape `[B]`."""
        return self.model.posterior(self.x)

    def decode(self, z: Tensor) -> Tensor:
        """Probability of ink at codes `[..., 2]`: `[..., side, side]`."""
        return self.model.decoder(z).sigmoid().unflatten(-1, (self.side, self.side))

    def log_likelihood(self, z: Tensor, x: Tensor) -> Tensor:
        """Log p(x | z) of codes `[N, 2]` and pictures `[B, P]`: `[N, B]`."""
        a = self.model.decoder(z)
        return a @ x.T - softplus(a).sum(-1, keepdim=True)

    def log_joint(self, z: Tensor, x: Tensor) -> Tensor:
        """Log p(x, z), `[N, B]`."""
        prior = Normal(torch.zeros(2, dtype=torch.double), 1.0).log_prob(z).sum(-1)
        return prior[:, None] + self.log_likelihood(z, x)

    @cached_property
    def nodes(self) -> exact.Points:
        """The nodes of the plane."""
        return exact.quadrature(-REACH, REACH, NODES, dim=2)

    @cached_property
    def log_joint_at_nodes(self) -> Tensor:
        """`[N, B]`."""
        return self.log_joint(self.nodes.values, self.x)

    @cached_property
    def evidence(self) -> Tensor:
        """Log p(x) of all pictures in nats, `[B]`."""
        return exact.log_evidence(lambda z: self.log_joint_at_nodes, self.nodes)

    def log_posterior(self, picture: int) -> Tensor:
        """Log p(z | x) of one picture at the nodes, `[N]`."""
        return self.log_joint_at_nodes[:, picture] - self.evidence[picture]

    def elbo(self, q: Distribution) -> Tensor:
        """The ELBO of all pictures by Gauss-Hermite quadrature under q, `[B]`.

        Args:
            q: Independent Gaussians, batch shape `[B]`, event shape `[2]`.
        """
        mean, scale = (t.detach().cpu().double() for t in (q.mean, q.stddev))
        each = [self.elbo_of(b, m, s) for b, (m, s) in enumerate(zip(mean, scale, strict=True))]
        return torch.stack(each)

    def elbo_of(self, picture: int, mean: Tensor, scale: Tensor) -> Tensor:
        """The ELBO of one picture for N(mean, diag scale²), `[]`, differentiable in both."""
        noise, weights = hermite()
        joint = self.log_joint(mean + scale * noise, self.x[picture][None])[:, 0]
        entropy = Normal(mean, scale).entropy().sum()
        return weights @ joint + entropy

    def refined(self, picture: int) -> Independent:
        """The best q of one picture, from where the encoder put it; batch shape `[]`."""
        if picture not in self.best:
            q = self.model.posterior(self.x[picture][None])
            mean = q.mean[0].clone().requires_grad_()
            log_scale = q.stddev[0].log().requires_grad_()
            climb = torch.optim.Adam([mean, log_scale], lr=0.05)
            for step in range(STEPS):
                climb.param_groups[0]["lr"] = 0.05 * (1 - step / STEPS)
                elbo = self.elbo_of(picture, mean, log_scale.exp())
                mean.grad, log_scale.grad = torch.autograd.grad(-elbo, (mean, log_scale))
                climb.step()
            found = Normal(mean.detach(), log_scale.detach().exp())
            self.best[picture] = Independent(found, 1)
        return self.best[picture]


@lru_cache
def hermite() -> tuple[Tensor, Tensor]:
    """Nodes `[N, 2]` and weights `[N]` under N(0, I)."""
    nodes, weights = (torch.as_tensor(a) for a in np.polynomial.hermite_e.hermegauss(UNDER_Q))
    weights = weights / weights.sum()
    return torch.cartesian_prod(nodes, nodes), torch.cartesian_prod(weights, weights).prod(-1)
