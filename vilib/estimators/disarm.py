"""DisARM, also known as U2G: ARM with the uniform numbers integrated out."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Bernoulli, Distribution

from vilib.estimators import antithetic
from vilib.estimators.contract import Estimator, evaluate, innermost

__all__ = ["DisARM"]


class DisARM(Estimator):
    """Only variables in which two mirrored samples differ learn from the difference in f.

    Approximates: ∇ E_q[f(z)] for Bernoulli variables with logits a.

    With: the mean over S/2 pairs of ½ (f(b) - f(b̃)) (b - b̃) σ(|a|) ∇a + ½ ∇ (f(b) + f(b̃)), where
    b = 1[u < σ(a)] and b̃ = 1[1 - u < σ(a)] for uniform u, one per variable.
    Why: ARM has 1 - 2u in place of (b - b̃) σ(|a|) = E[1 - 2u | b, b̃], hence the same mean and more
    variance.

    Requires: q a Bernoulli or `Independent` of it; S even: S evaluations of f are S/2 pairs.

    Raises:
        ValueError: q is not Bernoulli, S is odd, or f does not return `[S, B]`.

    Source: Z. Dong, A. Mnih and G. Tucker, 2020, DisARM: An Antithetic Gradient Estimator for
        Binary Latent Variables, https://arxiv.org/abs/2006.10680; found independently, as U2G, by
        M. Yin, N. Ho, B. Yan, X. Qian and M. Zhou, 2020, Probabilistic Best Subset Selection via
        Gradient-Based Optimization, https://arxiv.org/abs/2006.06448

    Example: at logit 0 mirrored bits always differ, and one pair gives p (1 - p) (f(1) - f(0)).
        >>> import torch
        >>> a = torch.zeros(1, requires_grad=True)
        >>> DisARM()(Bernoulli(logits=a), lambda z: 3 * z, num_samples=2).sum().backward()
        >>> a.grad
        tensor([0.7500])
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f over all pairs, with DisARM's gradient, `[B]`."""
        base = innermost(q)
        if not isinstance(base, Bernoulli):
            raise ValueError(f"DisARM needs a Bernoulli, got {q}; see DisARMCategorical")
        a = base.logits  # [B, *event]
        u = antithetic.uniforms(num_samples, a)  # [S/2, B, *event]
        z = antithetic.bits(u, base.probs.detach())  # [S, B, *event]
        b, mirrored = z.chunk(2)
        weight = (b - mirrored) * a.detach().abs().sigmoid()
        return antithetic.surrogate(evaluate(q, f, z), weight * a)
