"""A Monte Carlo ELBO says how far off it may be."""

from __future__ import annotations

from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import expect_mean
from vilib.checks.mistake import Mistake, passed
from vilib.checks.word_counts import MonteCarloElbo, WordCounts, repeat

__all__ = ["standard_error_is_right"]


@careful
def standard_error_is_right(
    monte_carlo_elbo: MonteCarloElbo,
    *,
    seed: int,
    num_documents: int = 3,
    num_samples: int = 400,
    runs: int = 60,
) -> None:
    """The squared standard error has mean Var_q[log p(x, z) − log q(z)] / S, within 8 of its own.

    The square is compared because the sample variance is unbiased and its root is not; whether it
    divides by S or S − 1 is too small to be seen at the default S.

    Args:
        monte_carlo_elbo: As in `monte_carlo_elbo_is_unbiased`.
        seed: Draws q and the counts, and seeds the runs.
        num_documents: B.
        num_samples: S of one run.
        runs: How many standard errors are averaged.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> standard_error_is_right(lambda q, prior, x, S: (x, q.sample((S,)).std(1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: it is averaged over documents, not over...
    """
    words = WordCounts.draw(seed, num_documents)
    estimates, errors = repeat(monte_carlo_elbo, words, num_samples, runs, seed)
    variance = words.variance(words.log_ratio)
    mistakes = wrong_errors(words, variance, num_samples)
    truth = variance / num_samples
    if bool((errors < 0).any()):
        raise Mistake("the standard error", "it is negative", yours=errors.min())
    squares = errors.double() ** 2
    # the spread of a sample variance, from the exact fourth moment: few runs may miss the tail
    exact_spread = ((words.variance(words.log_ratio, power=4) - variance**2) / num_samples).sqrt()
    off = (squares.mean(0) - truth).abs() * num_samples * runs**0.5 / exact_spread
    if not bool((off < 8).all()):
        expect_mean("the square of the standard error", squares, truth, mistakes, z=6.0)
    judge_spread(estimates, words.mean(words.log_ratio), truth)
    passed(f"the standard error of {num_samples} samples has the right size")


def judge_spread(estimates: Tensor, elbo: Tensor, variance: Tensor) -> None:
    """The estimates scatter around the ELBO as S samples do; one sample scatters √S times as far.

    The mean of (estimate − ELBO)² / variance over runs and documents is 1 ± .1 at the default
    size, so that a right answer is never refused by luck.
    """
    ratio = ((estimates.double() - elbo) ** 2 / variance).mean()
    if not 0.5 < ratio < 1.7:
        diagnosis = "its spread is not that of a mean over num_samples samples"
        raise Mistake("the estimate", diagnosis, yours=ratio.sqrt(), expected=1.0)


def wrong_errors(words: WordCounts, variance: Tensor, num_samples: int) -> dict[str, Tensor]:
    """What each known mistake gives for the squared standard error, `[B]`."""
    S, V = num_samples, variance
    return {
        "the standard deviation is not divided by √S": V,
        "the standard deviation is divided by S, not by √S": V / S**2,
        "it is a variance: take the square root": V**2,
        "it is the variance divided by S: take the square root of it": V**2 / S**2,
        "it is the variance divided by √S: the standard deviation belongs there": V**2 / S,
        "the standard deviation is multiplied by √S": V * S,
        "it is divided by the root of a fixed 1000, not of num_samples": V / 1000,
        "it is divided by the root of the number of documents, not of samples": V / len(V),
        "it is the spread of log p(x, z) alone": words.variance(words.log_joint) / S,
        "it is the spread of log p(x|z) alone: average log p(x, z) − log q(z) itself": (
            words.variance(words.log_likelihood) / S
        ),
    }
