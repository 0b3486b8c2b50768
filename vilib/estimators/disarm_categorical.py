"""DisARM for categorical variables, each broken into bits."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical, Distribution, OneHotCategorical
from torch.nn.functional import one_hot

from vilib.estimators import antithetic
from vilib.estimators.contract import Estimator, evaluate, innermost

__all__ = ["DisARMCategorical"]


class DisARMCategorical(Estimator):
    """A categorical is a row of coins, thrown until one shows heads; the coins are mirrored.

    Approximates: ∇ E_q[f(z)] for categorical variables with logits a.

    With: coin k, if it is thrown, stops with logit αₖ = aₖ - log ∑_{j>k} exp aⱼ. Mirrored uniform
    numbers give mirrored coins (as in `DisARM`), hence a pair z, z̃. Let m = min(z, z̃) and
    M = max(z, z̃). The mean over S/2 pairs of ½ (f(z) - f(z̃)) ∇T + ½ ∇ (f(z) + f(z̃)), with T = 0
    where z = z̃ and otherwise

        T = ± [σ(|αₘ|) αₘ - log q(M | > m)],  + if z = m;  σ(|αₘ|) is a constant.

    Why: DisARM would add ½ (f(z) - f(z̃)) (bₖ - b̃ₖ) σ(|αₖ|) ∇αₖ for every coin. T is what can be
    expected of that, given z and z̃ (a Rao-Blackwellisation):

    - k < m: both coins show tails, bₖ = b̃ₖ, and add nothing;
    - k = m: one of them stops, bₖ - b̃ₖ = ±1;
    - m < k ≤ M: the stopped side no longer looks at its coin. If that is bₖ, its mean given b̃ₖ
      makes (bₖ - b̃ₖ) σ(|αₖ|) into σ(αₖ) - b̃ₖ = -∂ log q(b̃ₖ)/∂αₖ: in sum, -∇ log q(M | > m);
    - k > M: neither side looks; by symmetry the mean is 0.

    With K = 2 this is `DisARM`. It is right in any order of the categories; its variance depends on
    the order a little. Coins that rarely stop are almost independent of their mirror images: with
    many categories of similar mass, expect the variance of leave-one-out, not less.

    Requires: q a Categorical, a OneHotCategorical or `Independent` of one; S even.

    Raises:
        ValueError: q is not categorical, S is odd, or f does not return `[S, B]`.

    Source: Z. Dong, A. Mnih and G. Tucker, 2021, Coupled Gradient Estimators for Discrete Latent
        Variables, https://arxiv.org/abs/2106.08056

    Example: three equal categories that are worth 0, 3 and 6: ∂/∂aₖ E[f] = (fₖ - 3) / 3.
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(1, 3, requires_grad=True)
        >>> surrogate = DisARMCategorical()(Categorical(logits=a), lambda z: 3.0 * z, 10_000)
        >>> surrogate.sum().backward()
        >>> bool((a.grad - torch.tensor([-1.0, 0.0, 1.0])).abs().max() < 0.1)
        True
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f over all pairs, with DisARM's gradient, `[B]`."""
        base = innermost(q)
        if not isinstance(base, Categorical | OneHotCategorical):
            raise ValueError(f"DisARMCategorical needs a categorical, got {q}")
        a, p = base.logits, base.probs.detach()  # [B, ..., K]
        z, mirrored = mirrored_pair(p, num_samples)  # [S/2, B, ...] each
        both = torch.cat([z, mirrored])
        if isinstance(base, OneHotCategorical):
            both = one_hot(both, a.shape[-1]).to(a.dtype)
        return antithetic.surrogate(evaluate(q, f, both), expected_score(a, p, z, mirrored))


def mirrored_pair(p: Tensor, num_samples: int) -> tuple[Tensor, Tensor]:
    """z and z̃, integers `[S/2, B, ...]`: the numbers of the coins that stop."""
    tails = p.flip(-1).cumsum(-1).flip(-1)
    stop = (p / tails)[..., :-1]  # q(z = k | z ≥ k); the last category needs no coin
    heads = antithetic.bits(antithetic.uniforms(num_samples, stop), stop)
    z = (1 - heads).cumprod(-1).sum(-1).long()  # how many tails come before the first heads
    return z.chunk(2)


def expected_score(a: Tensor, p: Tensor, z: Tensor, mirrored: Tensor) -> Tensor:
    """What has T's gradient, `[S/2, B, ...]`, from logits a and probabilities p, `[B, ..., K]`."""
    least = torch.finfo(a.dtype)
    a = a.clamp(min=least.min).expand(*z.shape, -1)  # 0 · (-∞) is not a number
    p = p.expand_as(a)
    m, M = torch.minimum(z, mirrored)[..., None], torch.maximum(z, mirrored)[..., None]
    beyond = p * (torch.arange(a.shape[-1], device=a.device) > m)
    tail = beyond.sum(-1)  # 0 where m is the last category; then z = z̃
    # ∇ log ∑_{j>m} exp aⱼ = ∑_{j>m} q(j | > m) ∇aⱼ
    rest = (beyond / tail.clamp(min=least.tiny)[..., None] * a).sum(-1)
    alpha, log_q = a.gather(-1, m).squeeze(-1) - rest, a.gather(-1, M).squeeze(-1) - rest
    stop = p.gather(-1, m).squeeze(-1)
    stop = stop / (stop + tail)  # σ(αₘ)
    T = torch.maximum(stop, 1 - stop) * alpha - log_q
    return (mirrored - z).sign() * T
