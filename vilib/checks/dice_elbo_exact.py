"""The ELBO of a code of dice, whose samples may be soft and whose KL may not."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Independent, OneHotCategorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed

__all__ = ["dice_elbo_is_exact"]

DiceElbo = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
S = 4


@careful
def dice_elbo_is_exact(
    dice_elbo: DiceElbo, *, seed: int, num_dice: int = 3, num_faces: int = 4
) -> None:
    """Mean log-likelihood − KL of the discrete q to the prior, at hard and at soft samples.

    The KL is summed over all Kᴰ codes; its gradient in both logits is judged too.

    Args:
        dice_elbo: Maps log p(x|z) at the samples `[S, B]`, the samples z `[S, B, D, K]`, logits of
            q `[B, D, K]` and of the prior `[D, K]` to `[B]`.
        seed: Draws everything.
        num_dice: D.
        num_faces: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> from torch.distributions import kl_divergence
        >>> def dice_elbo(log_likelihood, z, logits, prior_logits):
        ...     q, p = OneHotCategorical(logits=logits), OneHotCategorical(logits=prior_logits)
        ...     return log_likelihood.mean(0) - kl_divergence(q, p).sum(-1)
        >>> dice_elbo_is_exact(dice_elbo, seed=1)
        ✓ the ELBO of 2 pictures with 3 dice, by all 64 codes, at hard and at soft samples
        ✓ and its gradient in the log-likelihood and in both logits
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (2, num_dice, num_faces)
    logits = 1.3 * torch.randn(shape, generator=generator).double() + 0.5
    prior = torch.randn(shape[1:], generator=generator).double() - 0.4
    told = -3 * torch.rand((S, 2), generator=generator).double() - 5
    waiting = torch.empty((S, *shape), dtype=torch.double).exponential_(generator=generator)
    keys = logits - waiting.log()
    hard = torch.zeros_like(keys).scatter_(-1, keys.argmax(-1, keepdim=True), 1.0)
    for z in (hard, keys.softmax(-1)):
        leaves = tuple(t.clone().requires_grad_() for t in (told, logits, prior))
        yours = dice_elbo(leaves[0], z, *leaves[1:])
        truth = leaves[0].mean(0) - enumerated_kl(*leaves[1:])
        expect("the ELBO", yours, truth.detach(), mistakes(told, z, logits, prior))
        found = gradients("the ELBO", yours, *leaves)
        wanted = torch.autograd.grad(truth.sum(), leaves)
        names = ("the log-likelihood", "q's logits", "the prior's logits")
        for name, mine, right in zip(names, found, wanted):
            expect(f"the gradient in {name}", mine, right, {"it is detached": 0 * right})
    codes = num_faces**num_dice
    passed(
        f"the ELBO of 2 pictures with {num_dice} dice, by all {codes} codes, "
        "at hard and at soft samples"
    )
    passed("and its gradient in the log-likelihood and in both logits")


def enumerated_kl(logits: Tensor, prior_logits: Tensor) -> Tensor:
    """KL(q ‖ p) as a sum over all codes, `[B]`."""
    q, p = (Independent(OneHotCategorical(logits=a), 1) for a in (logits, prior_logits))
    return exact.expectation(q, lambda z: q.log_prob(z) - p.log_prob(z))


def kl_over_dice(logits: Tensor, prior_logits: Tensor) -> Tensor:
    """What comes out if the axes of dice and faces are exchanged, `[B]`."""
    log_q, log_p = logits.log_softmax(-2), prior_logits.log_softmax(-2)
    return (log_q.exp() * (log_q - log_p)).sum((-2, -1))


def mistakes(told: Tensor, z: Tensor, logits: Tensor, prior_logits: Tensor) -> Mistakes:
    """What each known mistake gives."""
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    q, p, mean = log_q.exp(), log_p.exp(), told.mean(0)
    terms = q * (log_q - log_p)  # [B, D, K]
    per_die, kl = terms.sum(-1), terms.sum((-2, -1))
    at_samples = (z * (log_q - log_p)).sum((-2, -1))  # [S, B]
    K, D = q.shape[-1], q.shape[-2]
    return {
        "the KL is averaged over dice: a KL sums over them": mean - per_die.mean(-1),
        "the KL is averaged over faces: a KL sums over them": mean - kl / K,
        "the KL is averaged over dice and faces": mean - terms.mean((-2, -1)),
        "the direction is reversed: this is KL(p‖q)": mean - (p * (log_p - log_q)).sum((-2, -1)),
        "the KL has the wrong sign: the ELBO pays for it": mean + kl,
        "the KL is missing": mean,
        "log q − log p is taken at the samples, and a soft one is no code: use the closed form": (
            (told - at_samples).mean(0)
        ),
        "the logits of q are not normalised": mean - (q * (logits - log_p)).sum((-2, -1)),
        "the prior's logits are not normalised": mean - (q * (log_q - prior_logits)).sum((-2, -1)),
        "neither logits are normalised": mean - (q * (logits - prior_logits)).sum((-2, -1)),
        "the prior is taken to be uniform": mean
        - (q * log_q).sum((-2, -1))
        - D * torch.tensor(K).log(),
        "the prior is missing: this is the entropy alone": mean - (q * log_q).sum((-2, -1)),
        "the samples are summed; the bound takes their mean": told.sum(0) - kl,
        "the KL is counted once per sample": mean - S * kl,
        "the samples are not averaged: one number per picture is asked for": told - kl,
        "it is averaged over pictures: one number per picture is asked for": (mean - kl).mean(),
        "it is summed over pictures: one number per picture is asked for": (mean - kl).sum(),
        "probabilities are averaged over samples; the ELBO averages their logarithms": (
            told.exp().mean(0).log() - kl
        ),
        "the log-likelihood is averaged over pictures too": told.mean() - kl,
        "the KL is averaged over pictures: each picture pays its own": mean - kl.mean(),
        "softmax runs over dice; it runs over faces": mean - kl_over_dice(logits, prior_logits),
        "it is the best sample; the bound takes the mean of all": told.amax(0) - kl,
        "it is summed over samples; take the mean": told.sum(0) - S * kl,
        "it has the wrong sign: the ELBO is what is maximised": kl - mean,
    }
