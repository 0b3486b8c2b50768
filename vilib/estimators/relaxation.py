"""Discrete variables as functions of their logits and of noise, made smooth by a temperature."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Distribution, OneHotCategorical
from torch.nn.functional import hardtanh, softplus

from vilib.estimators.contract import innermost

__all__ = ["BernoulliRelaxation", "OneHotRelaxation", "Relaxation", "relaxation_of"]

# e^-30 is nothing beside 1; smaller numbers yet, denormal ones, make processors ten times slower
FAR = 30.0
# e^-1000 is 0 in every dtype, and ∞/τ has no derivative
BOUND = 1000.0


class Relaxation(ABC):
    """A discrete variable b as a function of its logits a and of noise ε without parameters.

    z = a + ε,  b = hard(z),  s = soft(z, τ) → b for τ → 0.

    And the other way round: z given b, as a function of a and of other noise. With z ~ p(z) and
    then b = hard(z), or b ~ q(b) and then z ~ p(z | b), the pair (z, b) has the same distribution.

    Args:
        logits: a, `[B, *event]`.

    Source: C. J. Maddison, A. Mnih and Y. W. Teh, 2017, The Concrete Distribution: A Continuous
        Relaxation of Discrete Random Variables, https://arxiv.org/abs/1611.00712; G. Tucker,
        A. Mnih, C. J. Maddison, J. Lawson and J. Sohl-Dickstein, 2017, REBAR: Low-variance,
        unbiased gradient estimates for discrete latent variable models,
        https://arxiv.org/abs/1703.07370, appendix, for z given b

    Example: hard, and soft at two temperatures.
        >>> bits = BernoulliRelaxation(torch.zeros(3))
        >>> z = torch.tensor([-1.0, 0.5, 2.0])
        >>> bits.hard(z)
        tensor([0., 1., 1.])
        >>> bits.soft(z, 0.5)
        tensor([0.1192, 0.7311, 0.9820])
        >>> bits.soft(z, 0.05)
        tensor([2.0612e-09, 9.9995e-01, 1.0000e+00])
    """

    def __init__(self, logits: Tensor) -> None:
        self.logits = logits

    def bounded(self) -> Relaxation:
        """The same with logits between -1000 and 1000: infinite ones get finite derivatives."""
        return type(self)(self.logits.clamp(-BOUND, BOUND))

    @abstractmethod
    def noise(self, num_samples: int) -> Tensor:
        """ε, `[S, B, *event]`."""

    @abstractmethod
    def hard(self, z: Tensor) -> Tensor:
        """b, of the shape of z, without gradient."""

    @abstractmethod
    def soft(self, z: Tensor, temperature: Tensor | float) -> Tensor:
        """s, of the shape of z, differentiable in z and in the temperature."""

    @abstractmethod
    def given(self, b: Tensor, logits: Tensor, noise: Tensor) -> Tensor:
        """z ~ p(z | b), differentiable in the logits; hard(z) is b whatever logits and noise.

        Args:
            b: Hard samples, `[S, B, *event]`.
            logits: a, of a shape that broadcasts to b's.
            noise: From `noise`, drawn apart from what made b.
        """

    @abstractmethod
    def mean(self, logits: Tensor) -> Tensor:
        """E[b], of the shape of the logits."""


class BernoulliRelaxation(Relaxation):
    """Bits, with logistic noise: P(a + ε > 0) = σ(a).

    Given b = 1, z is a logistic variable known to be positive, z = softplus(ε + softplus(a)); the
    other case is its mirror image.

    Example: improbable bits, and z on their side of 0 all the same.
        >>> _ = torch.manual_seed(1)
        >>> bits = BernoulliRelaxation(torch.tensor([-40.0, 40.0]))
        >>> bits.given(torch.tensor([1.0, 0.0]), bits.logits, bits.noise(1)).sign()
        tensor([[ 1., -1.]])
    """

    def noise(self, num_samples: int) -> Tensor:
        """Logistic noise, `[S, B, *event]`."""
        u = torch.rand(
            (num_samples, *self.logits.shape), dtype=self.logits.dtype, device=self.logits.device
        )
        return u.logit_(torch.finfo(u.dtype).eps)

    def hard(self, z: Tensor) -> Tensor:
        """1 where z > 0, else 0."""
        return (z > 0).to(z)

    def soft(self, z: Tensor, temperature: Tensor | float) -> Tensor:
        """σ(z/τ)."""
        return hardtanh(z / temperature, -FAR, FAR).sigmoid()

    def given(self, b: Tensor, logits: Tensor, noise: Tensor) -> Tensor:
        """A logistic variable with location a, positive where b is 1 and negative where it is 0."""
        side = 2 * b - 1
        return side * softplus(noise + softplus(side * logits))

    def mean(self, logits: Tensor) -> Tensor:
        """σ(a)."""
        return logits.sigmoid()


class OneHotRelaxation(Relaxation):
    """One-hot rows over K categories on the last axis, with Gumbel noise: the argmax of a + ε.

    hard and soft do not see a constant added to z. Given b = k, only how far the others stay below
    zₖ matters, and zₖ is put at 0: zᵢ = -softplus(εₖ - εᵢ - log qᵢ) for i ≠ k. A larger zₖ would
    swallow small differences in rounding, and the argmax with them.

    Example: the first category is improbable and given; the others stay below it.
        >>> _ = torch.manual_seed(1)
        >>> rows = OneHotRelaxation(torch.tensor([-40.0, 0.0, 0.0]))
        >>> rows.given(torch.tensor([1.0, 0.0, 0.0]), rows.logits, rows.noise(1)) < 0
        tensor([[False,  True,  True]])
    """

    def noise(self, num_samples: int) -> Tensor:
        """Gumbel noise, `[S, B, *event]`."""
        waiting = torch.empty(
            (num_samples, *self.logits.shape), dtype=self.logits.dtype, device=self.logits.device
        ).exponential_()
        # a waiting time of 0 would be infinite noise
        return waiting.clamp_(min=torch.finfo(waiting.dtype).tiny).log_().neg_()

    def hard(self, z: Tensor) -> Tensor:
        """1 at the largest entry of each row, else 0."""
        return torch.zeros_like(z).scatter_(-1, z.detach().argmax(-1, keepdim=True), 1.0)

    def soft(self, z: Tensor, temperature: Tensor | float) -> Tensor:
        """softmax(z/τ)."""
        below = z - z.detach().amax(-1, keepdim=True)
        return hardtanh(below / temperature, -FAR, FAR).softmax(-1)

    def given(self, b: Tensor, logits: Tensor, noise: Tensor) -> Tensor:
        """Gumbel variables with locations a whose argmax is b, less their maximum."""
        top = (b * noise).sum(-1, keepdim=True)
        return (b - 1) * softplus(top - noise - logits.log_softmax(-1))

    def mean(self, logits: Tensor) -> Tensor:
        """softmax(a)."""
        return logits.softmax(-1)


def relaxation_of(q: Distribution) -> Relaxation:
    """The relaxation of q, with q's own logits.

    Args:
        q: Bernoulli or OneHotCategorical, or `Independent` of one.

    Raises:
        ValueError: Another distribution; integers between the categories have no meaning.

    Example:
        >>> from torch.distributions import Independent
        >>> relaxation_of(Independent(Bernoulli(probs=torch.full((2, 3), 0.5)), 1)).logits.shape
        torch.Size([2, 3])
    """
    base = innermost(q)
    if isinstance(base, Bernoulli):
        return BernoulliRelaxation(base.logits)
    if isinstance(base, OneHotCategorical):
        return OneHotRelaxation(base.logits)
    raise ValueError(
        f"only bits and one-hot rows can be relaxed, got {q}; "
        "write a Categorical as a OneHotCategorical"
    )
