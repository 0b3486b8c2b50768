"""Posterior and evidence of a mixture of coins."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.pair import two_results
from vilib.checks.squeezed import squeezed

__all__ = ["posterior_is_exact"]

ExactPosterior = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


@careful
def posterior_is_exact(
    exact_posterior: ExactPosterior,
    *,
    seed: int,
    num_coins: int = 3,
    num_documents: int = 4,
    num_flips: int = 6,
) -> None:
    """log p(z|x) and log p(x) of a mixture of K coins, against enumeration by `vilib.exact`.

    Args:
        exact_posterior: The learner's function: prior `[K]`, heads `[K]`, flips `[B, T]` →
            (log posterior `[B, K]`, log evidence `[B]`), nats.
        seed: Draws prior, coins and flips.
        num_coins: K.
        num_documents: B.
        num_flips: T.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> posterior_is_exact(lambda prior, heads, flips: heads.log(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: two results are expected...
    """
    generator = torch.Generator().manual_seed(seed)
    prior = 0.2 + torch.rand(num_coins, generator=generator, dtype=torch.double)
    prior = prior / prior.sum()
    heads = 0.1 + 0.8 * torch.rand(num_coins, generator=generator, dtype=torch.double)
    flips = (torch.rand(num_documents, num_flips, generator=generator) < 0.7).double()
    judge_posterior(exact_posterior, prior, heads, flips)
    judge_posterior(exact_posterior, prior, heads, flips[:1])
    passed(f"log p(z|x) and log p(x) of {num_documents} documents, {num_coins} coins")


def judge_posterior(
    exact_posterior: ExactPosterior, prior: Tensor, heads: Tensor, flips: Tensor
) -> None:
    """Compare both results with enumeration, and name the mistake where they differ."""

    def log_joint(z: Tensor) -> Tensor:  # [K] → [K, B]
        p = heads[z][:, None, None]
        log_likelihood = (flips * p.log() + (1 - flips) * (1 - p).log()).sum(-1)
        return prior[z].log()[:, None] + log_likelihood

    coins = exact.enumerate_support(Categorical(prior))
    log_posterior = exact.posterior(log_joint, coins).T
    log_evidence = exact.log_evidence(log_joint, coins)
    returned = exact_posterior(prior.clone(), heads.clone(), flips.clone())
    yours = two_results("(log p(z|x), log p(x))", returned)
    joint = log_joint(coins.values).T  # [B, K]
    wrong = squeezed(log_posterior) | posterior_mistakes(prior, heads, flips, joint)
    expect("log p(z|x)", yours[0], log_posterior, wrong)
    wrong = squeezed(log_evidence) | evidence_mistakes(prior, flips, joint)
    expect("log p(x)", yours[1], log_evidence, wrong)


def posterior_mistakes(
    prior: Tensor, heads: Tensor, flips: Tensor, joint: Tensor
) -> dict[str, Tensor]:
    """What each known mistake gives for log p(z|x), `[B, K]`."""
    log_prior = prior.log()
    heads_or_tails = torch.stack([(1 - heads).log(), heads.log()])  # [2, K]
    per_flip = heads_or_tails[flips.long()]  # [B, T, K]
    count = flips.sum(1, keepdim=True)  # [B, 1]
    normalised = {
        "the prior is ignored": per_flip.sum(1),
        "heads and tails are swapped": log_prior + heads_or_tails[1 - flips.long()].sum(1),
        "only the first flip of each document is used": log_prior + per_flip[:, 0],
        "only the last flip of each document is used": log_prior + per_flip[:, -1],
        "the log likelihood is averaged over flips, not summed": log_prior + per_flip.mean(1),
        "the prior is added without its logarithm": prior + per_flip.sum(1),
        "the tails are left out": log_prior + count * heads.log(),
        "the tails are counted as 10 − heads: a document may have any length": (
            log_prior + count * heads.log() + (10 - count) * (1 - heads).log()
        ),
        "1 − log θ stands where log(1 − θ) belongs": (
            log_prior + torch.where(flips[..., None] > 0, per_flip, 1 - heads.log()).sum(1)
        ),
    }
    log_evidence = joint.logsumexp(-1, keepdim=True)
    return {
        "it is log p(x, z), the joint: subtract log p(x) to normalise": joint,
        "probabilities came back, not their logarithms": joint.softmax(-1),
        "it is normalised over documents, not over coins": joint.log_softmax(0),
        "the joint is divided by log p(x): in logarithms a quotient is a difference": (
            joint / log_evidence
        ),
        "the prior is in log p(x) and not in the numerator": joint - log_prior - log_evidence,
        "the two results are in the wrong order": log_evidence[:, 0],
        "its axes are swapped: documents first, coins last": joint.log_softmax(-1).T,
    } | {sentence: value.log_softmax(-1) for sentence, value in normalised.items()}


def evidence_mistakes(prior: Tensor, flips: Tensor, joint: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for log p(x), `[B]`."""
    log_evidence = joint.logsumexp(-1)
    length, count = torch.full_like(flips[:, 0], flips.shape[1]), flips.sum(1)
    orders = (length + 1).lgamma() - (count + 1).lgamma() - (length - count + 1).lgamma()
    return {
        "a binomial coefficient is in it: the order of the flips was observed": (
            log_evidence + orders
        ),
        "the evidence came back, not its logarithm": log_evidence.exp(),
        "the sign is flipped": -log_evidence,
        "the joint is averaged over coins, not summed": joint.exp().mean(-1).log(),
        "log p(x, z) is summed over coins: sum the probabilities, not their logarithms": joint.sum(
            -1
        ),
        "only the best coin is counted": joint.max(-1).values,
        "the prior is ignored": (joint - prior.log()).logsumexp(-1),
        "the joint is summed over documents, not over coins": joint.logsumexp(0),
        "it is summed over documents: one per document is asked for": log_evidence.sum(),
        "it should be [B]: drop the last axis (no keepdim)": log_evidence[:, None],
    }
