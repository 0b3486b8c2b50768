"""Models whose log p(x) and posterior are known, and approximate posteriors for them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import (
    Bernoulli,
    Categorical,
    Independent,
    MultivariateNormal,
    Normal,
    kl_divergence,
)

from vilib import exact


def rounding(size: float = 1.0) -> float:
    """A gap that rounding alone explains: 1e-12 in float64, 6e-4 in float32."""
    return 5e3 * torch.finfo(torch.get_default_dtype()).eps * size


def agree(found: Tensor, truth: Tensor, size: float = 1.0) -> None:
    """Equal up to rounding."""
    assert found.shape == truth.shape, f"{list(found.shape)}, expected {list(truth.shape)}"
    gap = (found - truth).abs().max().item()
    assert gap <= rounding(size), f"off by {gap:.3g}"


class LinearGaussian:
    """z ~ N(0, I), x ~ N(z W + c, s² I); B = 3 datapoints, D = 2."""

    def __init__(self) -> None:
        self.W = torch.tensor([[0.5, -1.0, 0.3], [0.8, 0.4, -0.6]])
        self.c, self.s = torch.tensor([0.1, -0.2, 0.5]), 0.7
        self.x = torch.tensor([[1.0, -1.0, 0.4], [0.0, 0.3, 0.2], [-2.0, 0.5, 1.0]])
        self.prior = Independent(Normal(torch.zeros(2), 1.0), 1)
        self.loc = torch.tensor([[0.3, -0.4], [0.0, 0.2], [-1.0, 0.5]])
        self.log_scale = torch.tensor([[-0.5, 0.1], [-0.2, -0.3], [0.2, -0.9]])
        self.leaves = [p.requires_grad_() for p in (self.loc, self.log_scale, self.W)]

    @property
    def q(self) -> Independent:
        return Independent(Normal(self.loc, self.log_scale.exp()), 1)

    def log_likelihood(self, z: Tensor) -> Tensor:
        return Normal(z @ self.W + self.c, self.s).log_prob(self.x).sum(-1)

    def log_joint(self, z: Tensor) -> Tensor:
        return self.prior.log_prob(z) + self.log_likelihood(z)

    def log_evidence(self) -> Tensor:
        covariance = self.W.mT @ self.W + self.s**2 * torch.eye(3)
        return MultivariateNormal(self.c, covariance).log_prob(self.x)

    def posterior(self) -> MultivariateNormal:
        covariance = (torch.eye(2) + self.W @ self.W.mT / self.s**2).inverse()
        mean = (self.x - self.c) @ self.W.mT @ covariance / self.s**2
        return MultivariateNormal(mean, covariance.expand(3, 2, 2))

    def elbo(self) -> Tensor:
        """log p(x) - KL(q ‖ posterior), in closed form."""
        q = MultivariateNormal(self.loc, scale_tril=self.log_scale.exp().diag_embed())
        return self.log_evidence() - kl_divergence(q, self.posterior())

    def at_nodes(self, num: int = 70) -> tuple[Independent, Tensor]:
        """q `[N, B]`, whose only draw is z = μ + σ ε at node n, and the mass of the nodes `[N, 1]`.

        One sample of each, weighed by its mass, is an expectation without Monte Carlo error.
        """
        noise = exact.quadrature(-9.0, 9.0, num, dim=2)
        eps = noise.values.to(self.loc)
        mass = (Normal(0.0, 1.0).log_prob(eps).sum(-1) + noise.log_weights).exp().to(self.loc)
        N = len(eps)
        loc, scale = self.loc.expand(N, 3, 2), self.log_scale.exp().expand(N, 3, 2)
        q = Independent(Normal(loc, scale), 1)
        q.rsample = lambda shape: (loc + scale * eps[:, None])[None]
        return q, mass[:, None]


class BernoulliVAE:
    """D = 3 bits, four pixels, linear encoder and decoder; B = 2 datapoints."""

    def __init__(self) -> None:
        self.x = torch.tensor([[1.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0]])
        generator = torch.Generator().manual_seed(4)
        self.V, self.W = (
            torch.randn(shape, generator=generator, device="cpu", dtype=torch.double).to(self.x)
            for shape in ((4, 3), (3, 4))
        )
        self.c = torch.tensor([0.2, -0.4, 0.0, 1.0])
        self.prior = Independent(Bernoulli(torch.tensor([0.5, 0.3, 0.5])), 1)
        self.leaves = [p.requires_grad_() for p in (self.V, self.W, self.c)]

    @property
    def q(self) -> Independent:
        return self.encode(self.x)

    def encode(self, x: Tensor) -> Independent:
        return Independent(Bernoulli(logits=x @ self.V), 1)

    def decode(self, z: Tensor) -> Independent:
        return Independent(Bernoulli(logits=z.to(self.W) @ self.W + self.c), 1)

    def log_likelihood(self, z: Tensor) -> Tensor:
        return self.decode(z).log_prob(self.x)

    def log_joint(self, z: Tensor) -> Tensor:
        return self.prior.log_prob(z.to(self.W)) + self.log_likelihood(z)

    def log_evidence(self) -> Tensor:
        points = exact.enumerate_support(self.prior)
        return exact.log_evidence(lambda z: self.log_joint(z[:, None]), points).to(self.x)

    def at_codes(self) -> tuple[Independent, Tensor]:
        """q `[8, B]`, whose only draw is code n, and the mass of the codes `[8, B]`."""
        codes = exact.enumerate_support(self.prior).values.to(self.x)  # [8, 3]
        logits = (self.x @ self.V).expand(8, 2, 3)
        q = Independent(Bernoulli(logits=logits), 1)
        z = codes[:, None].expand(8, 2, 3)
        q.sample = lambda shape: z[None]
        return q, q.log_prob(z).exp()


class Table:
    """log p(x, z) as a table `[B, K]`, K = 3, and q(z) from logits `[B, K]`; B = 2."""

    def __init__(self) -> None:
        self.table = torch.tensor([[-1.0, -3.0, -2.0], [-4.0, -6.5, -3.5]])
        self.logits = torch.tensor([[0.3, 0.2, -0.5], [0.0, 1.0, 0.5]])
        self.leaves = [p.requires_grad_() for p in (self.table, self.logits)]

    @property
    def q(self) -> Categorical:
        return Categorical(logits=self.logits)

    def log_joint(self, z: Tensor) -> Tensor:
        return self.table.expand(*z.shape, 3).gather(-1, z[..., None]).squeeze(-1)

    def log_evidence(self) -> Tensor:
        return self.table.logsumexp(-1)

    def log_posterior(self) -> Tensor:
        return self.table.log_softmax(-1)

    def posterior(self) -> Categorical:
        return Categorical(logits=self.table)

    def log_weights(self) -> Tensor:
        """log w at each of the K values, `[K, B]`."""
        return (self.table - self.logits.log_softmax(-1)).mT

    def elbo(self) -> Tensor:
        return self.log_evidence() - kl_divergence(self.q, self.posterior())
