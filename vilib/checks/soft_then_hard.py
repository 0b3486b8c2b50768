"""Straight-through for dice: a hard roll forwards, the soft roll's slope backwards."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.concrete_exact import soft_slope
from vilib.checks.dice import draw_dice, expect_floating, one_hot_rows
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed
from vilib.checks.own_draws import expect_no_own_draws

__all__ = ["is_one_hot_with_a_soft_slope"]

WHAT = "the straight-through roll"
StraightThrough = Callable[[Tensor, Tensor, float], Tensor]


@careful
def is_one_hot_with_a_soft_slope(
    straight_through: StraightThrough, *, seed: int, temperature: float = 0.6
) -> None:
    """The value is the one-hot row of the largest a + ε, the gradient that of softmax((a + ε)/τ).

    Source: E. Jang, S. Gu and B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax,
        https://arxiv.org/abs/1611.01144, section 2.2

    Args:
        straight_through: Maps logits `[B, K]`, Gumbel noise `[S, B, K]` and τ to `[S, B, K]`.
        seed: Draws logits, noise and weights.
        temperature: τ, not 1.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def straight_through(logits, noise, temperature):
        ...     soft = ((logits + noise) / temperature).softmax(-1)
        ...     hard = torch.nn.functional.one_hot(soft.argmax(-1), logits.shape[-1])
        ...     return hard + soft - soft.detach()
        >>> is_one_hot_with_a_soft_slope(straight_through, seed=1)
        ✓ forwards a one-hot row, the winner among a + ε
        ✓ backwards the Jacobian of the soft roll at τ = 0.6
    """
    logits, noise = draw_dice(seed)
    leaf = logits.clone().requires_grad_()
    keys, K = logits + noise, logits.shape[-1]
    truth = one_hot_rows(keys.argmax(-1), K)
    given, known = (leaf, noise, temperature), value_mistakes(logits, noise, temperature)
    yours = expect_no_own_draws(WHAT, straight_through, given, truth, known)
    expect_floating(WHAT, yours, logits.dtype)
    weight = torch.randn(truth.shape, generator=torch.Generator().manual_seed(seed)).double()
    (slope,) = gradients(WHAT, yours * weight.to(yours.dtype), leaf)
    passed("forwards a one-hot row, the winner among a + ε")
    expected = soft_slope((keys / temperature).softmax(-1), weight, temperature)
    known = slope_mistakes(logits, noise, weight, temperature)
    expect("the gradient in the logits", slope, expected, known)
    passed(f"backwards the Jacobian of the soft roll at τ = {temperature}")


def value_mistakes(logits: Tensor, noise: Tensor, temperature: float) -> Mistakes:
    """What each known mistake gives forwards."""
    keys, K = logits + noise, logits.shape[-1]
    soft = (keys / temperature).softmax(-1)
    hard = one_hot_rows(keys.argmax(-1), K)
    return {
        "its value is soft: this is the relaxed roll alone": soft,
        "its value is soft: this is the relaxed roll alone, and at τ = 1": keys.softmax(-1),
        "its value is hard plus soft; subtract soft.detach()": hard + soft,
        "its value is hard minus soft; add soft.detach()": hard - soft,
        "its value is 0: it lacks the hard roll": 0 * hard,
        "it is the index of the face; a one-hot row is asked for": keys.argmax(-1).double(),
        "it is the likeliest face; the noise decides": (
            one_hot_rows(logits.argmax(-1), K).expand_as(noise)
        ),
        "its value is hard times soft; the value is hard": hard * soft,
        "the hard roll is that of the noise alone; the logits count": (
            one_hot_rows(noise.argmax(-1), K)
        ),
        "entries above ½ are 1: a row may then be all 0; take the largest": (soft > 0.5).double(),
    }


def slope_mistakes(logits: Tensor, noise: Tensor, weight: Tensor, temperature: float) -> Mistakes:
    """What each known mistake gives backwards."""
    keys, p = logits + noise, logits.softmax(-1).expand_as(noise)
    soft = (keys / temperature).softmax(-1)
    right = soft_slope(soft, weight, temperature)
    hard = one_hot_rows(keys.argmax(-1), logits.shape[-1])
    return {
        "it is 0: argmax has no slope, add soft − soft.detach()": 0 * right,
        "it has the wrong sign": -right,
        "it is the slope of the probabilities softmax(a); take the soft roll's": (
            soft_slope(p, weight, 1.0)
        ),
        "it is the slope of softmax(a/τ); the soft roll has the noise in it": (
            soft_slope((logits / temperature).softmax(-1).expand_as(noise), weight, temperature)
        ),
        "it is the slope of the soft roll at τ = 1": soft_slope(keys.softmax(-1), weight, 1.0),
        "it is the slope of a + ε; take that of the softmax": weight.sum(0),
        "it is the slope of (a + ε)/τ; take that of the softmax": weight.sum(0) / temperature,
        "the temperature multiplies; it divides": (
            soft_slope((keys * temperature).softmax(-1), weight, 1 / temperature)
        ),
        "it is twice the soft roll's slope": 2 * right,
        "it is the slope of the logarithm of the soft roll": (
            (weight - soft * weight.sum(-1, keepdim=True)).sum(0) / temperature
        ),
        "the entry that was drawn does not pass its slope on; all do": (
            soft_slope(soft, weight * (1 - hard), temperature)
        ),
        "only the entry that was drawn passes its slope on; all do": (
            soft_slope(soft, weight * hard, temperature)
        ),
    }
