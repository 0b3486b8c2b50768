"""A Gaussian sample is a function of q's parameters and of noise."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import same_again

__all__ = ["reparameterised_sample_is_exact"]

Sampler = Callable[[Tensor, Tensor, Tensor], Tensor]
WHAT = "the reparameterised sample"


@careful
def reparameterised_sample_is_exact(
    reparameterised_sample: Sampler, *, seed: int, num_examples: int = 2, num_dimensions: int = 3
) -> None:
    """z = μ + σ ε at given noise, and its slopes: 1 in the mean, ½ σ ε in the log variance.

    Args:
        reparameterised_sample: Mean `[B, D]`, log variance `[B, D]`, noise `[S, B, D]` →
            `[S, B, D]`.
        seed: Draws the parameters and the noise.
        num_examples: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> reparameterised_sample_is_exact(lambda m, a, e: m + a * e, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... the log variance is taken for the standard deviation...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (num_examples, num_dimensions)

    def draw(shift: float) -> Tensor:
        return torch.rand(shape, generator=generator, dtype=torch.double) + shift

    for dtype in (torch.double, torch.float):
        m, a = (draw(shift).to(dtype).requires_grad_() for shift in (-0.5, 0.4))
        noise = torch.randn((4, *shape), generator=generator, dtype=torch.double).to(dtype)
        value = as_value(WHAT, reparameterised_sample(m, a, noise), m)
        deterministic(reparameterised_sample, value, m, a, noise)
        truth = m.detach() + (a.detach() / 2).exp() * noise
        expect(WHAT, value, truth, sample_mistakes(m.detach(), a.detach(), noise))
        if value.dtype != dtype:
            raise Mistake(WHAT, f"its dtype is {value.dtype}, that of the parameters is {dtype}")
        slopes(value, m, a, noise)
    passed("z = μ + σ ε at given noise, with slopes 1 in the mean and ½ σ ε in the log variance")


def deterministic(sampler: Sampler, value: Tensor, m: Tensor, a: Tensor, noise: Tensor) -> None:
    """With the same noise it must give the same sample, and a path back."""
    again = sampler(m, a, noise)
    same_again(WHAT, value, again)
    if not value.requires_grad:
        raise Mistake(
            WHAT,
            "no gradient flows back from it: `sample` where `rsample` is needed, or something "
            "is detached",
        )


def slopes(value: Tensor, m: Tensor, a: Tensor, noise: Tensor) -> None:
    """Its derivatives, weighed by the noise, so that those of several samples do not cancel."""
    weighed = (value * noise).sum()
    found = torch.autograd.grad(weighed, (m, a), allow_unused=True)
    in_mean, in_log_variance = (torch.zeros_like(m) if g is None else g for g in found)
    expect(f"{WHAT}'s slope in the mean", in_mean, noise.sum(0), {"it is detached": 0 * m})
    sd = (a.detach() / 2).exp()
    truth = (0.5 * sd * noise**2).sum(0)
    expect(f"{WHAT}'s slope in the log variance", in_log_variance, truth, {"it is detached": 0 * m})


def sample_mistakes(m: Tensor, a: Tensor, noise: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives, `[S, B, D]`."""
    sd = (a / 2).exp()
    return {
        "the log variance is taken for the standard deviation": m + a * noise,
        "the log variance is taken for the log of the standard deviation": m + a.exp() * noise,
        "the log variance is taken for the variance": m + a.abs().sqrt() * noise,
        "½ multiplies the variance; it belongs into the exponent: exp(½ log σ²)": (
            m + 0.5 * a.exp() * noise
        ),
        "the log variance is multiplied by 2, not by ½": m + (2 * a).exp() * noise,
        "the root is taken of the log variance; the root of the variance is σ": (
            m + a.abs().sqrt().exp() * noise
        ),
        "the noise is subtracted; add it": m - sd * noise,
        "the noise is averaged over the samples: each has its own": m + sd * noise.mean(0),
        "the noise is divided by the standard deviation": m + noise / sd,
        "the noise is missing: this is the mean": (m + 0 * noise),
        "the mean is missing": sd * noise,
        "the mean is multiplied, too": (m + noise) * sd,
        "one noise is used for all samples": m + sd * noise[:1] + 0 * noise,
        "this is the standardised noise (z − μ)/σ, not a sample": (noise - m) / sd,
    }
