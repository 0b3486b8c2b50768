"""Samples of the Concrete distribution."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.dice import draw_dice, one_hot_rows
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed
from vilib.checks.own_draws import expect_no_own_draws

__all__ = ["concrete_sample_is_exact", "soft_slope"]

WHAT = "the soft sample"
Sample = Callable[[Tensor, Tensor, float], Tensor]


@careful
def concrete_sample_is_exact(
    concrete_sample: Sample, *, seed: int, temperature: float = 0.6
) -> None:
    """s = softmax((a + ε)/τ), with a gradient in the logits; cold it is the roll, hot it is flat.

    Args:
        concrete_sample: Maps logits `[B, K]`, Gumbel noise `[S, B, K]` and τ to `[S, B, K]`.
        seed: Draws logits and noise.
        temperature: τ, not 1.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> concrete_sample_is_exact(lambda a, g, t: ((a + g) / t).softmax(-1), seed=1)
        ✓ soft samples and their gradient at τ = 0.6
        ✓ at τ = 0.0001 they are the hard rolls, at τ = 1,000,000 all faces are alike
    """
    logits, noise = draw_dice(seed)
    leaf = logits.clone().requires_grad_()
    # by powers and a division: no softmax
    powers = ((logits + noise - (logits + noise).amax(-1, keepdim=True)).exp()) ** (1 / temperature)
    truth = powers / powers.sum(-1, keepdim=True)
    given, known = (leaf, noise, temperature), mistakes(logits, noise, temperature)
    yours = expect_no_own_draws(WHAT, concrete_sample, given, truth, known)
    weight = torch.randn(truth.shape, generator=torch.Generator().manual_seed(seed)).double()
    (slope,) = gradients(WHAT, yours * weight.to(yours.dtype), leaf)
    expected = soft_slope(truth, weight, temperature)
    detached = {"it is 0: the logits are detached on the way": 0 * expected}
    expect("the gradient in the logits", slope, expected, detached)
    passed(f"soft samples and their gradient at τ = {temperature}")
    K = logits.shape[-1]
    cold, hot = concrete_sample(logits, noise, 1e-4), concrete_sample(logits, noise, 1e6)
    expect(f"{WHAT} at τ = 0.0001", cold, one_hot_rows((logits + noise).argmax(-1), K))
    # noise is at most a few dozen, and what it still does at this τ is less than the tolerance
    flat = torch.full_like(noise, 1 / K).float()
    expect(f"{WHAT} at τ = 1,000,000", hot, flat)
    passed("at τ = 0.0001 they are the hard rolls, at τ = 1,000,000 all faces are alike")


def soft_slope(s: Tensor, weight: Tensor, temperature: float) -> Tensor:
    """Gradient of Σ w s in the logits by softmax's Jacobian, (diag s − s sᵀ) w / τ, `[B, K]`.

    Example: at s = (½, ½) the Jacobian is ¼ of (1, −1; −1, 1).
        >>> soft_slope(torch.tensor([[[0.5, 0.5]]]), torch.tensor([[[1.0, 0.0]]]), 1.0)
        tensor([[ 0.2500, -0.2500]])
    """
    return (s * (weight - (s * weight).sum(-1, keepdim=True))).sum(0) / temperature


def mistakes(logits: Tensor, noise: Tensor, temperature: float) -> Mistakes:
    """What each known mistake gives."""
    keys = logits + noise
    return {
        "the temperature multiplies; it divides": (keys * temperature).softmax(-1),
        "the temperature is missing": keys.softmax(-1),
        "only the noise is divided by τ; divide the sum": (logits + noise / temperature).softmax(
            -1
        ),
        "only the logits are divided by τ; divide the sum": (logits / temperature + noise).softmax(
            -1
        ),
        "the noise is added to the probabilities; add it to the logits": (
            ((logits.softmax(-1) + noise) / temperature).softmax(-1)
        ),
        "the noise is missing: it is the same for every sample": (
            (logits / temperature).softmax(-1).expand_as(noise)
        ),
        "the noise is subtracted; add it": ((logits - noise) / temperature).softmax(-1),
        "the softmax is divided by τ; divide before it": keys.softmax(-1) / temperature,
        "it is divided by τ²; divide by τ": (keys / temperature**2).softmax(-1),
        "rows do not sum to 1: divide by the sum over faces": (keys / temperature).exp(),
        "it is a sigmoid of each entry; rows must sum to 1": (keys / temperature).sigmoid(),
        "it is the logarithm; rows must sum to 1": (keys / temperature).log_softmax(-1),
        "it is hard; soft rows are asked for": one_hot_rows(keys.argmax(-1), keys.shape[-1]),
        "softmax runs over samples; it runs over faces": (keys / temperature).softmax(0),
        "softmax runs over the batch; it runs over faces": (keys / temperature).softmax(1),
    }
