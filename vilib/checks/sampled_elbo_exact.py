"""The ELBO of each example from given samples, where log p(x) is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution, Normal, kl_divergence

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.linear_gaussian import LinearGaussian, diagonal
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import same_again

__all__ = ["sampled_elbo_is_exact"]

SampledElbo = Callable[[Tensor, Tensor, Distribution, Tensor, Tensor, Tensor], Tensor]
WHAT = "the sampled ELBO"


@careful
def sampled_elbo_is_exact(
    sampled_elbo: SampledElbo,
    *,
    seed: int,
    num_examples: int = 3,
    num_pixels: int = 5,
    num_latents: int = 2,
) -> None:
    """Mean over samples of log p(x, z) - log q(z), for a linear-Gaussian VAE.

    With the exact posterior for q *every* sample gives log p(x), whatever it is. For a diagonal q
    the terms are worked out from log p(x) and the posterior by Bayes' rule. The first sample lies
    where q is small and the prior large: there log q - log p is negative, and has to stay so.

    Args:
        sampled_elbo: Samples `[S, B, D]`, x `[B, P]`, q (batch `[B]`, event `[D]`), weight
            `[P, D]`, offset `[P]`, sd of the pixels `[]` → `[B]`.
        seed: Draws the model, q and the samples.
        num_examples: B.
        num_pixels: P.
        num_latents: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> sampled_elbo_is_exact(lambda z, x, q, W, b, s: q.log_prob(z).mean(0), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the sampled ELBO is not right...
    """
    model = LinearGaussian.draw(seed, num_examples, num_pixels, num_latents)
    generator = torch.Generator().manual_seed(seed + 10_000)
    shape = (num_examples, num_latents)
    sign = torch.where(torch.rand(shape, generator=generator) < 0.5, -1.0, 1.0).double()
    q = diagonal(2 * sign, torch.full_like(sign, 0.5))
    noise = torch.randn((4, *shape), generator=generator, dtype=torch.double)
    # the first sample is the prior's mode, four standard deviations from the mean of q
    z = torch.cat([torch.zeros_like(sign)[None], q.mean + q.stddev * noise])
    for samples in (z, z[:2], z[:1]):
        yours = sampled_elbo(samples, model.x, q, *model[:3])
        same_again(WHAT, yours, sampled_elbo(samples, model.x, q, *model[:3]), "samples")
        truth = (model.log_joint(samples) - q.log_prob(samples)).mean(0)
        expect(WHAT, yours, truth, elbo_mistakes(model, samples, q))
        if not isinstance(yours, Tensor):
            raise Mistake(WHAT, f"a tensor is expected and a {type(yours).__name__} came back")
    passed(
        "at given samples it is the mean of log p(x|z) + log p(z) − log q(z), KL term of any sign"
    )
    posterior = model.posterior()
    yours = sampled_elbo(z, model.x, posterior, *model[:3])
    expect(
        f"{WHAT} with the posterior for q",
        yours,
        model.log_evidence(),
        elbo_mistakes(model, z, posterior),
    )
    passed("with the exact posterior for q it is log p(x), whatever the samples")


def pixel_mistakes(
    model: LinearGaussian, z: Tensor, q: Distribution, kl: Tensor
) -> dict[str, Callable[[], Tensor]]:
    """What comes of another distribution of the pixels; `kl` is log q − log p, `[S, B]`."""
    mean = z @ model.weight.T + model.offset

    def with_pixels(mean: Tensor, scale: Tensor) -> Tensor:
        return (Normal(mean, scale).log_prob(model.x).sum(-1) - kl).mean(0)

    def without_constants() -> Tensor:
        return (-0.5 * ((model.x - mean) / model.scale) ** 2).sum(-1).mean(0) - kl.mean(0)

    return {
        "the standard deviation of the pixels is taken for their variance": (
            lambda: with_pixels(mean, model.scale.sqrt())
        ),
        "the variance of the pixels is used; Normal wants their standard deviation": (
            lambda: with_pixels(mean, model.scale**2)
        ),
        "the pixels' standard deviation is 1 in it; it is the scale that is given": (
            lambda: with_pixels(mean, torch.ones_like(model.scale))
        ),
        "the offset b is missing": lambda: with_pixels(mean - model.offset, model.scale),
        "x is told from the mean of q, not from the samples": (
            lambda: with_pixels(q.mean @ model.weight.T + model.offset, model.scale)
        ),
        "log p(x|z) is a squared error: its log s and ½ log 2π per pixel are missing": (
            without_constants
        ),
    }


def elbo_mistakes(
    model: LinearGaussian, z: Tensor, q: Distribution
) -> dict[str, Tensor | Callable[[], Tensor]]:
    """What each known mistake gives, `[B]`."""
    D, P = z.shape[-1], model.x.shape[-1]
    ratio = q.log_prob(z)
    each_prior = -0.5 * z**2 - 0.5 * math.log(2 * math.pi)
    prior = each_prior.sum(-1)
    told = model.log_joint(z) - prior  # log p(x|z) by Bayes' rule
    kl = ratio - prior

    def uncorrelated() -> Tensor:
        return (told + prior - diagonal(q.mean, q.stddev).log_prob(z)).mean(0)

    def closed() -> Tensor:
        standard = diagonal(torch.zeros_like(z[0]), torch.ones_like(z[0]))
        if not isinstance(q, type(standard)):
            return torch.full_like(z[0, :, 0], math.nan)
        return told.mean(0) - kl_divergence(q, standard)

    return pixel_mistakes(model, z, q, kl) | {
        "the mean of log q − log p is clamped at 0; an estimate of a KL may be negative": (
            told.mean(0) - kl.mean(0).clamp(min=0)
        ),
        "the KL of a single sample is clamped at 0; only its mean is never negative": (
            told - kl.clamp(min=0)
        ).mean(0),
        "log q − log p is made positive with abs; its sign matters": (told - kl.abs()).mean(0),
        "the KL comes in closed form; here all three terms come from the samples": closed,
        "log p(z) is missing": (told - ratio).mean(0),
        "log q(z) is missing": (told + prior).mean(0),
        "log p(x|z) is missing": -kl.mean(0),
        "log q − log p has the wrong sign": (told + kl).mean(0),
        "log q(z) has the wrong sign: it is taken off": (told + prior + ratio).mean(0),
        "log p(z) has the wrong sign: it is added": (told - prior - ratio).mean(0),
        "log q(z) ignores that the dimensions of q are correlated: call q.log_prob": uncorrelated,
        **wrong_reductions(told, prior, ratio, P, D),
    }


def wrong_reductions(
    told: Tensor, prior: Tensor, ratio: Tensor, P: int, D: int
) -> dict[str, Tensor]:
    """The right terms, log p(x|z), log p(z) and log q(z) `[S, B]`, put together wrongly."""
    kl = ratio - prior
    return {
        "the samples are summed, not averaged": (told - kl).sum(0),
        "log p(x|z) is averaged over pixels: independent log probabilities add up": (
            (told / P - kl).mean(0)
        ),
        "log p(z) is averaged over dimensions: independent log probabilities add up": (
            (told + prior / D - ratio).mean(0)
        ),
        "it is the log of a mean (importance sampling): average logs": (
            (told - kl).logsumexp(0) - math.log(len(told))
        ),
        "one number per sample and example came back: average over the samples": told - kl,
        "it is averaged over the batch: one ELBO per example is asked for": (told - kl).mean(),
        "the sign is flipped: this is the negative ELBO": (kl - told).mean(0),
    }
