"""Reweighted wake-sleep: wake phases whose samples are weighted towards the posterior."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.distributions import Distribution

from vilib.bounds.log_mean_exp import log_mean_exp, normalised
from vilib.bounds.log_weights import draw
from vilib.estimators.contract import evaluate

__all__ = ["ReweightedWake", "reweighted_wake"]


class ReweightedWake(NamedTuple):
    """What the two wake phases maximise, per datapoint, in nats.

    Attributes:
        model: The importance-weighted bound, with a gradient in θ only, `[B]`.
        posterior: ∑ₛ w̃ₛ log q(zₛ | x, λ), with a gradient in λ only, `[B]`.

    Example:
        >>> ReweightedWake(model=-72.0, posterior=-3.0)._fields
        ('model', 'posterior')
    """

    model: Tensor
    posterior: Tensor


def reweighted_wake(
    q: Distribution, log_joint: Callable[[Tensor], Tensor], num_samples: int
) -> ReweightedWake:
    """Both wake phases from the same S samples, with normalised weights w̃ₛ = wₛ / ∑ᵣ wᵣ.

        wake-θ: ∇_θ = ∑ₛ w̃ₛ ∇_θ log p(x, zₛ | θ)  → ∇_θ log p(x | θ)
        wake-λ: ∇_λ = ∑ₛ w̃ₛ ∇_λ log q(zₛ | x, λ)  → -∇_λ KL(p(z | x) ‖ q(z | x, λ))

    as S → ∞, for data x. Samples and w̃ are held fixed, so z may be discrete and needs no other
    estimator. For finite S both are biased, by about 1/S; with S = 1 wake-θ is that of `wake`,
    and wake-λ is E_q[∇_λ log q(z)] = 0 on average: nothing is learned. The third phase, sleep-λ,
    is `vilib.bounds.sleep`; it takes the place of wake-λ or is averaged with it.

    `(wake.model + wake.posterior).mean().backward()` trains both, each by its own gradient.

    Args:
        q: The approximate posterior at data, batch shape `[B]` (or `[]`).
        log_joint: z ↦ log p(x, z | θ); maps `[S, B, *event]` to `[S, B]`.
        num_samples: S, at least 2 if λ is to learn.

    Returns:
        Two surrogates, `[B]` each, to be maximised. Where all samples are impossible neither has
        a gradient.

    Raises:
        ValueError: `log_joint` returns another shape, or S < 1.

    Source: J. Bornschein and Y. Bengio, 2015, Reweighted Wake-Sleep,
        https://arxiv.org/abs/1406.2751; T. A. Le, A. R. Kosiorek, N. Siddharth, Y. W. Teh and
        F. Wood, 2019, Revisiting Reweighted Wake-Sleep, https://arxiv.org/abs/1805.10469

    Example: x excludes z = 0, so q should learn z = 1, with gradient 1 - σ(0).
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> _ = torch.manual_seed(1)
        >>> logit = torch.zeros(1, requires_grad=True)
        >>> wake = reweighted_wake(Bernoulli(logits=logit), lambda z: z.log(), num_samples=10)
        >>> wake.posterior.sum().backward()
        >>> logit.grad
        tensor([0.5000])
    """
    z = draw(q, num_samples).detach()
    log_p, log_q = evaluate(q, log_joint, z), q.log_prob(z)
    log_w = log_p - log_q.detach()
    return ReweightedWake(log_mean_exp(log_w), (normalised(log_w.detach()) * log_q).sum(0))
