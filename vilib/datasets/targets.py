"""One-dimensional joint densities p(x, z) whose evidence p(x) has a closed form."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Gamma, Normal, Poisson

__all__ = ["MixtureTarget", "RateTarget", "Target", "targets"]


@dataclass(frozen=True)
class Target(ABC):
    """A joint density p(x, z) of data x that are given and a scalar z that is not.

    Args:
        name: Its name.
        low: Left end of an interval that holds p(z | x) but for a part below 1e-12.
        high: Its right end.

    Example:
        >>> target = targets()["conjugate"]
        >>> target.log_joint(torch.zeros(3)).shape, f"{target.log_evidence:.3f}"
        (torch.Size([3]), '-4.749')
    """

    name: str
    low: float
    high: float

    @abstractmethod
    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x, z) in nats, `[...]` → `[...]`, in the dtype and on the device of z."""

    @property
    @abstractmethod
    def log_evidence(self) -> float:
        """log p(x) in nats, exactly."""

    def log_posterior(self, z: Tensor) -> Tensor:
        """log p(z | x) = log p(x, z) − log p(x), `[...]` → `[...]`."""
        return self.log_joint(z) - self.log_evidence


@dataclass(frozen=True)
class MixtureTarget(Target):
    """A mixture of Gaussians as prior, Gaussian observations around z.

    p(z) = Σ_k w_k N(z; m_k, s_k²) and x_i | z ~ N(z, σ²). Given k the n observations are jointly
    Gaussian with mean m_k and covariance σ²I + s_k² 11ᵀ, so

        p(x) = Σ_k w_k N(x; m_k 1, σ²I + s_k² 11ᵀ).

    With one component this is the conjugate model.

    Args:
        weights: w, K numbers that add up to 1.
        means: m.
        scales: s.
        observations: x.
        noise: σ.

    Source: C. Bishop, 2006, Pattern Recognition and Machine Learning, section 2.3.3.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    observations: tuple[float, ...]
    noise: float

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x, z) in nats, `[...]` → `[...]`."""
        w, m, s, x = (z.new_tensor(v) for v in self.parts())
        z = z.unsqueeze(-1)
        prior = (w.log() + Normal(m, s).log_prob(z)).logsumexp(-1)
        return prior + Normal(z, self.noise).log_prob(x).sum(-1)

    @property
    def log_evidence(self) -> float:
        """log p(x) in nats, by the formula above, the determinant and the inverse written out."""
        w, m, s, x = (torch.tensor(v, dtype=torch.double) for v in self.parts())
        n, centre, variance = len(x), x.mean(), self.noise**2
        within = ((x - centre) ** 2).sum() / variance
        between = n * (centre - m) ** 2 / (variance + n * s**2)
        log_det = (n - 1) * math.log(variance) + (variance + n * s**2).log()
        log_normal = -0.5 * (n * math.log(2 * math.pi) + log_det + within + between)
        return float((w.log() + log_normal).logsumexp(0))

    def parts(self) -> tuple[tuple[float, ...], ...]:
        """w, m, s and x."""
        return self.weights, self.means, self.scales, self.observations


@dataclass(frozen=True)
class RateTarget(Target):
    """The logarithm of a rate: z = log λ with λ ~ Gamma(a, b), and counts x_i | z ~ Poisson(λ).

    p(z) = Gamma(e^z; a, b) e^z, and p(x) = Γ(a + Σx) / Γ(a) · b^a / (b + n)^(a + Σx) / Π x_i!. Few
    counts leave a posterior with a long tail to the left.

    Args:
        shape: a.
        rate: b.
        counts: x.

    Source: A. Gelman et al., 2013, Bayesian Data Analysis, section 2.6.
    """

    shape: float
    rate: float
    counts: tuple[int, ...]

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x, z) in nats, `[...]` → `[...]`."""
        x = z.new_tensor(self.counts)
        prior = Gamma(z.new_tensor(self.shape), z.new_tensor(self.rate)).log_prob(z.exp()) + z
        return prior + Poisson(z.exp().unsqueeze(-1)).log_prob(x).sum(-1)

    @property
    def log_evidence(self) -> float:
        """log p(x) in nats, by the formula above."""
        a, b, n, total = self.shape, self.rate, len(self.counts), sum(self.counts)
        gammas = math.lgamma(a + total) - math.lgamma(a)
        factorials = sum(math.lgamma(x + 1) for x in self.counts)
        return gammas + a * math.log(b) - (a + total) * math.log(b + n) - factorials


def targets() -> dict[str, Target]:
    """Four targets by name, from the easiest for a Gaussian q to the hardest.

    - conjugate: the posterior is Gaussian, so the gap can be closed;
    - skewed: a log-rate after few counts;
    - heavy tails: a narrow and a wide bell at one place, as in a Student t;
    - bimodal: two bells apart.

    Example:
        >>> list(targets())
        ['conjugate', 'skewed', 'heavy tails', 'bimodal']
    """
    known = (
        MixtureTarget("conjugate", -6.0, 8.0, (1.0,), (0.0,), (2.0,), (0.4, 1.9, 1.0), 1.0),
        RateTarget("skewed", -24.0, 5.0, 1.5, 1.0, (0, 1)),
        MixtureTarget("heavy tails", -12.0, 12.0, (0.7, 0.3), (0.0, 0.0), (0.4, 2.5), (0.3,), 2.0),
        MixtureTarget("bimodal", -7.0, 7.0, (0.6, 0.4), (-2.0, 2.0), (0.7, 0.5), (0.2,), 2.0),
    )
    return {target.name: target for target in known}
