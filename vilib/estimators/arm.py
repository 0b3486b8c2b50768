"""ARM: augment, reinforce, merge."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Bernoulli, Distribution

from vilib.estimators import antithetic
from vilib.estimators.contract import Estimator, evaluate, innermost

__all__ = ["ARM"]


class ARM(Estimator):
    """Where two mirrored samples differ, the uniform numbers behind them say which way to go.

    Approximates: ∇ E_q[f(z)] for Bernoulli variables with logits a.

    With: the mean over S/2 pairs of ½ (f(b) - f(b̃)) (1 - 2u) ∇a + ½ ∇ (f(b) + f(b̃)), where
    b = 1[u < σ(a)] and b̃ = 1[1 - u < σ(a)] for uniform u, one per variable.
    Why: E_u[f(b) (1 - 2u)] = ∂/∂a E[f(b)], and b̃ does with -(1 - 2u) what b does with 1 - 2u.

    Requires: q a Bernoulli or `Independent` of it; S even: S evaluations of f are S/2 pairs.
    `DisARM` has the same pairs and never more variance; ARM is here to be compared with.

    Raises:
        ValueError: q is not Bernoulli, S is odd, or f does not return `[S, B]`.

    Source: M. Yin and M. Zhou, 2019, ARM: Augment-REINFORCE-Merge Gradient for Stochastic Binary
        Networks, https://arxiv.org/abs/1807.11143

    Example: E[3z] has derivative 3 p (1 - p) = 3/4 at logit 0.
        >>> import torch
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(1, requires_grad=True)
        >>> ARM()(Bernoulli(logits=a), lambda z: 3 * z, num_samples=10_000).sum().backward()
        >>> bool(abs(a.grad - 0.75) < 0.05)
        True
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f over all pairs, with ARM's gradient, `[B]`."""
        base = innermost(q)
        if not isinstance(base, Bernoulli):
            raise ValueError(f"ARM needs a Bernoulli, got {q}")
        a = base.logits  # [B, *event]
        u = antithetic.uniforms(num_samples, a)  # [S/2, B, *event]
        z = antithetic.bits(u, base.probs.detach())  # [S, B, *event]
        return antithetic.surrogate(evaluate(q, f, z), (1 - 2 * u) * a)
