"""The loss of a VAE: sums over dimensions, means over samples and batch."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.distributions import Normal

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["nelbo_sums_then_averages"]

Nelbo = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
LOSS, RATE = "the loss", "the rate KL(q‖p)"


@careful
def nelbo_sums_then_averages(
    nelbo: Nelbo, *, seed: int, num_examples: int = 5, num_dimensions: int = 3
) -> None:
    """Loss and rate against quadrature, and the loss's gradients in all three inputs.

    Args:
        nelbo: Log likelihood `[S, B]`, mean `[B, D]`, log variance `[B, D]` → (loss `[]`, rate
            `[B]`), for the prior N(0, I).
        seed: Draws the numbers.
        num_examples: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> nelbo_sums_then_averages(lambda ll, m, a: (ll.mean(), m**2), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the rate KL(q‖p) is not right: its shape is (5, 3)...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (num_examples, num_dimensions)

    def draw(*shape: int, low: float) -> Tensor:
        return torch.rand(shape, generator=generator, dtype=torch.double) + low

    log_likelihood = -9 * draw(2, num_examples, low=1.0)
    mean = draw(*shape, low=0.4)
    # first a positive log variance: one that is taken for a standard deviation has a value there
    # then a density above 1: the loss is negative there
    for low, more in ((0.3, 0.0), (-1.3, 60.0)):
        given = log_likelihood + more, mean, draw(*shape, low=low)
        leaves = tuple(t.clone().requires_grad_() for t in given)
        loss, rate = two_results("(loss, rate)", nelbo(*leaves))
        if len(mean) > 1 and getattr(loss, "shape", None) == mean.shape[:1] and ndim(rate) == 0:
            raise Mistake("(loss, rate)", "the two are exchanged: the loss comes first")
        ll, m, a = (leaf.detach() for leaf in leaves)
        kl = by_quadrature(m, a)
        expect(RATE, rate, kl.sum(-1), rate_mistakes(m, a))
        expect(LOSS, loss, (kl.sum(-1) - ll.mean(0)).mean(), loss_mistakes(ll, kl))
        judge_gradients(loss, *leaves)
    passed("rate: summed over dimensions; loss: mean over samples and batch; and its gradients")


def ndim(value: object) -> int:
    """How many axes a learner's value has; a plain number has none."""
    return len(getattr(value, "shape", ()))


def judge_gradients(loss: Tensor, ll: Tensor, m: Tensor, a: Tensor) -> None:
    """The gradients of the mean nelbo in what the two networks put out."""
    B, S = len(m), len(ll)
    in_ll, in_m, in_a = gradients(LOSS, loss, ll, m, a)
    what = "the loss's gradient in"
    cut = {"it is detached": torch.zeros_like(m)}
    share = torch.full_like(in_ll, -1 / (S * B))
    expect(f"{what} the log likelihood", in_ll, share, {"it is detached": 0 * share})
    expect(f"{what} the mean", in_m, m.detach() / B, cut)
    expect(f"{what} the log variance", in_a, 0.5 * (a.detach().exp() - 1) / B, cut)


def by_quadrature(m: Tensor, a: Tensor) -> Tensor:
    """KL(N(m, exp a) ‖ N(0, 1)) of every dimension, `[B, D]`."""
    q, p = Normal(m, (a / 2).exp()), Normal(torch.zeros_like(m), 1.0)
    return exact.expectation(q, lambda z: q.log_prob(z) - p.log_prob(z), nodes())


@lru_cache
def nodes() -> exact.Points:
    """Quadrature nodes that hold every q drawn here."""
    return exact.quadrature(-20.0, 20.0, num=400)


def rate_mistakes(m: Tensor, a: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the rate, `[B]`."""
    v, sd = a.exp(), (a / 2).exp()
    kl = 0.5 * (v + m**2 - 1 - a)
    return {
        "it is averaged over dimensions: a KL sums over them": kl.mean(-1),
        "it is averaged over dimensions and batch: sum over dimensions, keep the batch": kl.mean(),
        "it is averaged over the batch: one rate per example is asked for": kl.sum(-1).mean(),
        "it is summed over the batch, too: one rate per example is asked for": kl.sum(),
        "it is not summed over dimensions": kl,
        "the direction is reversed: this is KL(p‖q)": (0.5 * (1 / v + m**2 / v - 1 + a)).sum(-1),
        "the log variance is taken for the log of the standard deviation": (
            (0.5 * (v**2 + m**2 - 1 - 2 * a)).sum(-1)
        ),
        "the log variance is taken for the standard deviation": (
            (0.5 * (a**2 + m**2 - 1 - 2 * a.abs().log())).sum(-1)
        ),
        "the log variance is taken for the variance": (
            (0.5 * (a + m**2 - 1 - a.abs().log())).sum(-1)
        ),
        "the mean is not squared": (kl - 0.5 * m**2 + 0.5 * m).sum(-1),
        "μ² is missing": (kl - 0.5 * m**2).sum(-1),
        "μ² has the wrong sign": (kl - m**2).sum(-1),
        "log σ² is missing": (kl + 0.5 * a).sum(-1),
        "the standard deviation is used where the variance belongs": (
            (0.5 * (sd + m**2 - 1 - a)).sum(-1)
        ),
        "the factor ½ is missing": 2 * kl.sum(-1),
        "the −1 per dimension is missing": (kl + 0.5).sum(-1),
        "the log variance has the wrong sign": (kl + a).sum(-1),
        "the sign is flipped: a KL is never negative": -kl.sum(-1),
    }


def loss_mistakes(ll: Tensor, kl: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the loss, `[]`."""
    rate, told = kl.sum(-1), ll.mean(0)
    return {
        "it is clamped at 0; −ELBO is negative where densities exceed 1": (
            (rate - told).clamp(min=0).mean()
        ),
        "it is the ELBO: a loss is to be lowered, so it is −ELBO": (told - rate).mean(),
        "the KL has the wrong sign: it is added to −log p(x|z)": (-told - rate).mean(),
        "the log likelihood has the wrong sign": (told + rate).mean(),
        "it is summed over the batch, not averaged": (rate - told).sum(),
        "the samples are summed, not averaged": (rate - ll.sum(0)).mean(),
        "the KL in it is averaged over dimensions: a KL sums over them": (
            kl.mean(-1) - told
        ).mean(),
        "the KL in it is summed over the batch, the rest is averaged": rate.sum() - told.mean(),
        "the KL is missing": -told.mean(),
        "one loss per example came back; the mean is asked for": rate - told,
        "it is the log of a mean over samples; average the log likelihoods": (
            rate.mean() - (ll.logsumexp(0) - math.log(len(ll))).mean()
        ),
    }
