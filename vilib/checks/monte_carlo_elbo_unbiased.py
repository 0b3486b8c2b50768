"""A Monte Carlo ELBO is right on average."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Normal, Poisson

from vilib.checks.careful import careful
from vilib.checks.judge import expect_mean
from vilib.checks.mistake import passed
from vilib.checks.word_counts import MonteCarloElbo, WordCounts, repeat

__all__ = ["monte_carlo_elbo_is_unbiased"]


@careful
def monte_carlo_elbo_is_unbiased(
    monte_carlo_elbo: MonteCarloElbo,
    *,
    seed: int,
    num_documents: int = 3,
    num_samples: int = 300,
    runs: int = 60,
) -> None:
    """The mean of many estimates is E_q[log p(x, z) − log q(z)], within 6 standard errors.

    The model is a word's count in a document: z ~ prior, count | z ~ Poisson(exp z).

    Args:
        monte_carlo_elbo: The learner's function: q (Normal, batch `[B]`), prior (Normal), count
            `[B]`, S → (estimate `[B]`, standard error `[B]`).
        seed: Draws q and the counts, and seeds the runs.
        num_documents: B.
        num_samples: S of one run.
        runs: How many estimates are averaged.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> monte_carlo_elbo_is_unbiased(lambda q, prior, count, S: q.sample((S,)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: two results are expected...
    """
    words = WordCounts.draw(seed, num_documents)
    estimates, _ = repeat(monte_carlo_elbo, words, num_samples, runs, seed)
    repeat(monte_carlo_elbo, WordCounts.draw(seed, 1), num_samples, 1, seed)  # its shape alone
    elbo = words.mean(words.log_ratio)
    mistakes = biased(words, elbo, num_samples)
    expect_mean("the Monte Carlo ELBO", estimates, elbo, mistakes, z=6.0)
    passed(f"the mean of {runs} estimates is the ELBO, within 6 standard errors")


def biased(words: WordCounts, elbo: Tensor, num_samples: int) -> dict[str, Tensor]:
    """What each known mistake gives on average, `[B]`."""
    log_q = words.q.log_prob
    standard = Normal(torch.tensor(0.0, dtype=torch.double), 1.0)
    return {
        "−log q(z) is missing": words.mean(words.log_joint),
        "log q(z) has the wrong sign": words.mean(lambda z: words.log_joint(z) + log_q(z)),
        "the prior is missing: log p(x, z) = log p(z) + log p(x|z)": words.mean(
            lambda z: words.log_likelihood(z) - log_q(z)
        ),
        "the likelihood is missing: this is −KL(q‖prior)": words.mean(
            lambda z: words.prior.log_prob(z) - log_q(z)
        ),
        "only the likelihood is averaged": words.mean(words.log_likelihood),
        "the samples come from the prior, not from q": words.mean(words.log_ratio, words.prior),
        "it is the log of a mean (importance sampling): average logs": words.log_evidence(),
        "it is summed over samples, not averaged": elbo * num_samples,
        "it is divided by S twice": elbo / num_samples,
        "the sign is flipped: this is the negative ELBO": -elbo,
        "−log k! is missing from the Poisson's log p(k|z) = k z − exp(z) − log k!": (
            elbo + (words.count + 1).lgamma()
        ),
        "the rate of the Poisson is exp(z), not z itself": words.mean(
            lambda z: words.prior.log_prob(z) + Poisson(z.abs()).log_prob(words.count) - log_q(z)
        ),
        "the prior that is given is not used: this is N(0, 1)": words.mean(
            lambda z: words.log_ratio(z) - words.prior.log_prob(z) + standard.log_prob(z)
        ),
        "the two results are in the wrong order": (
            words.variance(words.log_ratio) / num_samples
        ).sqrt(),
    }
