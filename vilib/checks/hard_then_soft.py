"""Straight-through: a hard sample forwards, a soft slope backwards, and the bias that this buys."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, agree, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass
from vilib.checks.squeezed import squeezed

__all__ = ["is_hard_then_soft"]

WHAT = "the straight-through sample"
StraightThrough = Callable[[Tensor, Tensor], Tensor]


@careful
def is_hard_then_soft(straight_through: StraightThrough, *, seed: int) -> None:
    """Check that z = 1[u < σ(λ)], that ∂z/∂λ = σ′(λ), and that the gradient so estimated is biased.

    Source: Bengio, Léonard and Courville, 2013, *Estimating or propagating gradients through
    stochastic neurons for conditional computation*, https://arxiv.org/abs/1308.3432.

    Args:
        straight_through: Maps logits λ `[B, T]` and uniform noise u `[S, B, T]` to z `[S, B, T]`.
        seed: Seed of logits and noise.

    Raises:
        Mistake: A value is not the hard sample, or the gradient is not that of the probability.

    Example:
        >>> def straight_through(logits, noise):
        ...     p = torch.sigmoid(logits)
        ...     return (noise < p).double() + p - p.detach()
        >>> is_hard_then_soft(straight_through, seed=1)  # doctest: +ELLIPSIS
        ✓ forwards 0 or 1, backwards the slope of the probability
        ✓ its bias over all 4 masks: 0 for a linear reward, ... times the exact gradient for (z₁z₂)²
    """
    logits = draw_sentences(seed).logits.clone()
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand(4, 3, 6, dtype=torch.double, generator=generator)
    # here logit < noise < p: this tells the two comparisons apart
    logits[0, 0], noise[0, 0, 0] = 0.3, 0.4
    logits.requires_grad_()
    weight = torch.randn(4, 3, 6, dtype=torch.double, generator=generator)
    value = straight_through(logits, noise.clone())
    p = torch.sigmoid(logits.detach())
    again = straight_through(logits, noise.clone())
    if isinstance(value, Tensor) and isinstance(again, Tensor) and not torch.equal(value, again):
        raise Mistake(WHAT, "it differs from call to call: use the noise that is given")
    expect(WHAT, value, (noise < p).double(), known_mistakes(logits.detach(), noise))
    alone = straight_through(logits[:1].detach(), noise[:1, :1].clone())
    hard = (noise[:1, :1] < p[:1]).double()
    expect(f"{WHAT} of one review", alone, hard, squeezed(hard))
    (slope,) = gradients(WHAT, value * weight.to(value.dtype), logits)
    expect(
        "the gradient in the logits",
        slope,
        weight.sum(0) * p * (1 - p),
        {
            "it is 0: a threshold has no slope, add p − p.detach()": torch.zeros_like(p),
            "it is the slope of the logit; it must be that of its sigmoid": weight.sum(0),
            "it has the wrong sign": -weight.sum(0) * p * (1 - p),
            "only marked words get one: the slope p(1 − p) is there whatever z is": (
                (weight * (noise < p)).sum(0) * (1 - p)
            ),
        },
    )
    passed("forwards 0 or 1, backwards the slope of the probability")
    judge_bias(straight_through, seed)


def judge_bias(straight_through: StraightThrough, seed: int) -> None:
    """Weigh one noise per mask by q(z): exact for Σᵢ wᵢzᵢ, biased for (z₁z₂)²."""
    masks = all_masks(2)
    logits = draw_sentences(seed).logits[0, :2].clone().requires_grad_()
    p, q = torch.sigmoid(logits), log_mass(masks, logits).exp()
    noise = torch.where(masks > 0.5, p / 2, (1 + p) / 2).detach()
    z = straight_through(logits[None], noise[:, None])[:, 0]  # [N, 2]
    linear = [1.5 * m[:, 0] - 0.5 * m[:, 1] for m in (z, masks)]
    # a square changes nothing at 0 and 1, and gives another slope between them
    product = [(m[:, 0] * m[:, 1]) ** 2 for m in (z, masks)]
    bias = {}
    for name, (estimated, true) in {"linear": linear, "product": product}.items():
        (yours,) = gradients(WHAT, estimated * q.detach().to(z.dtype), logits)
        (exact,) = torch.autograd.grad(q @ true, logits, retain_graph=True)
        bias[name] = 0.0 if agree(yours, exact) else float((yours - exact).norm() / exact.norm())
    if bias["linear"] > 0:
        raise Mistake(WHAT, "for a linear reward its mean gradient is exact; yours is not")
    if bias["product"] < 0.05:
        raise Mistake(WHAT, "no bias is seen where straight-through has one")
    passed(
        f"its bias over all 4 masks: 0 for a linear reward, "
        f"{bias['product']:.2f} times the exact gradient for (z₁z₂)²"
    )


def known_mistakes(logits: Tensor, noise: Tensor) -> Mistakes:
    """What each known mistake gives."""
    p = torch.sigmoid(logits)
    return {
        "its value is the probability, not 0 or 1": p.expand_as(noise),
        "its value is the probability, not 0 or 1 (and the samples' axis is gone)": p,
        "z is 1 where the noise is above p; P(z = 1) would be 1 − p": (noise > p).double(),
        "the noise is compared with 0.5; compare it with p": (noise < 0.5).double(),
        "z is 1 where the noise is above 1 − p; it is 1 where the noise is below p": (
            (noise > 1 - p).double()
        ),
        "all samples use the first noise": (noise[:1] < p).double().expand_as(noise),
        "the noise is compared with the logit; compare it with its sigmoid": (
            noise < logits
        ).double(),
        "it is the likeliest mask; use the noise": (p > 0.5).double().expand_as(noise),
        "its value is 0 or 1 plus the probability; subtract p.detach()": (noise < p) + p,
    }
