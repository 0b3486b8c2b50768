"""The constant that makes a score-function estimate as quiet as a constant can."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass, random_reward

__all__ = ["baseline_is_optimal"]

OptimalBaseline = Callable[[Tensor, Tensor, Tensor], Tensor]
WORDS = 5


@careful
def baseline_is_optimal(optimal_baseline: OptimalBaseline, *, seed: int) -> None:
    """Check the one number b that makes Σᵢ Var[(r − b) sᵢ] least, s = z − σ(λ), by enumeration.

    It is b* = Σᵢ Cov(r sᵢ, sᵢ) / Σᵢ Var(sᵢ); its variance must be below that of the mean reward.

    Source: Greensmith, Bartlett and Baxter, 2004, *Variance reduction techniques for gradient
    estimates in reinforcement learning*, https://jmlr.org/papers/v5/greensmith04a.html.

    Args:
        optimal_baseline: Maps logits λ `[T]`, all masks `[N, T]` and their rewards `[N]` to one
            number `[]`.
        seed: Seed of logits and rewards.

    Raises:
        Mistake: The value is wrong.

    Example:
        >>> def best(logits, masks, rewards):
        ...     score = masks - torch.sigmoid(logits)
        ...     weight = log_mass(masks, logits).exp() * score.square().sum(-1)
        ...     return (weight * rewards).sum() / weight.sum()
        >>> baseline_is_optimal(best, seed=1)  # doctest: +ELLIPSIS
        ✓ b* is exact; variance of one estimate: none ..., mean reward ..., b* ...
    """
    logits, masks = draw_sentences(seed).logits[0, :WORDS].clone(), all_masks(WORDS)
    shuffled = torch.Generator().manual_seed(seed)
    masks = masks[torch.randperm(len(masks), generator=shuffled)]
    rewards = random_reward(masks, seed)
    q, score = log_mass(masks, logits).exp(), masks - torch.sigmoid(logits)  # [N], [N, T]
    mean = q @ rewards
    truth = q @ (rewards * score.square().sum(-1)) / (q @ score.square().sum(-1))
    value = optimal_baseline(logits.clone(), masks.clone(), rewards.clone())
    expect("b*, one number for the review", value, truth, known_mistakes(q, score, rewards))
    none, plain, best = (
        variance(q, score, rewards - b) for b in (0.0, mean, torch.as_tensor(value).detach())
    )
    if not best <= plain:
        raise Mistake("b*", "its variance is above the mean reward's", yours=best, expected=plain)
    passed(
        f"b* is exact; variance of one estimate: none {none:.3f}, "
        f"mean reward {plain:.4f}, b* {best:.4f}"
    )


def variance(q: Tensor, score: Tensor, reward: Tensor) -> Tensor:
    """Σᵢ Var_q[r sᵢ] by enumeration, `[]`."""
    estimate = reward[:, None] * score  # [N, T]
    return (q @ estimate.square() - (q @ estimate).square()).sum()


def known_mistakes(q: Tensor, score: Tensor, rewards: Tensor) -> Mistakes:
    """What each known mistake gives."""
    square = score.square()  # [N, T]
    norm, mean = square.sum(-1), q @ rewards
    per_word = (q @ (rewards[:, None] * square)) / (q @ square)
    truth = (q @ (rewards * norm)) / (q @ norm)
    return {
        "it is the mean reward; b* weights each mask by its squared score too": mean,
        "it is the mean over masks, all counted alike": rewards.mean(),
        "every mask counts alike; weight each by its probability q(z)": (rewards @ norm)
        / norm.sum(),
        "there is one per word; sum Cov and Var over words before you divide": per_word,
        "it is a mean of ratios; sum Cov and Var over words before you divide": per_word.mean(),
        "it has the wrong sign": -truth,
        "it is Cov(r, s)/Var(s); the estimate is r·s, so its covariance with s is wanted": (
            (q @ (rewards[:, None] * score)).sum() / (q @ norm)
        ),
        "the score is not squared; it is its length": (q @ (rewards * norm.sqrt()))
        / (q @ norm.sqrt()),
        "it is Var/Cov, upside down": 1 / truth,
        "it is not divided by the variance of the score": q @ (rewards * norm),
        "the ratios of all words are added; sum Cov and Var over words before you divide": (
            per_word.sum()
        ),
        "the score is summed over words before it is squared": (
            (q @ (rewards * score.sum(-1) ** 2)) / (q @ score.sum(-1) ** 2)
        ),
        "every mask is weighted by q(z) twice": (q**2 @ (rewards * norm)) / (q**2 @ norm),
        "it is twice as large: both terms of the parabola's derivative have a factor 2": (
            2 * truth
        ),
        "one number is asked for, of shape []": truth[None],
    }
