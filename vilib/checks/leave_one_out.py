"""The baseline of a sample is the mean reward of the others."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass, random_reward
from vilib.checks.squeezed import squeezed

__all__ = ["leaves_one_out"]

WHAT = "the baseline of each sample, [S, B]"
WORDS = 3


@careful
def leaves_one_out(leave_one_out: Callable[[Tensor], Tensor], *, seed: int) -> None:
    """Check bₛ = Σ_{j≠s} rⱼ / (S − 1) on given rewards, then over all pairs of masks.

    Over all pairs the mean estimate must be the exact gradient, and the variance must fall.

    Source: Kool, van Hoof and Welling, 2019, *Buy 4 REINFORCE samples, get a baseline for free!*,
    https://openreview.net/forum?id=r1lgTGL5DE.

    Args:
        leave_one_out: Maps rewards `[S, B]` to baselines `[S, B]`.
        seed: Seed of the rewards.

    Raises:
        Mistake: A baseline is wrong, or carries a gradient.

    Example:
        >>> def others(rewards):
        ...     return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()
        >>> leaves_one_out(others, seed=1)  # doctest: +ELLIPSIS
        ✓ each baseline is the mean of the other rewards, and carries no gradient
        ✓ over all 64 pairs of masks: mean exact; variance 0... of that without a baseline
    """
    generator = torch.Generator().manual_seed(seed)
    for samples, sentences in ((4, 3), (2, 3), (3, 1)):
        rewards = torch.randn(samples, sentences, dtype=torch.double, generator=generator) - 4
        rewards.requires_grad_()
        value, r = leave_one_out(rewards), rewards.detach()
        truth = true_baseline(r)
        expect(WHAT, value, truth, squeezed(truth) | known_mistakes(r))
        if torch.as_tensor(value).requires_grad:
            raise Mistake(
                WHAT, "it carries a gradient: detach it, or the second reader learns from it"
            )
    passed("each baseline is the mean of the other rewards, and carries no gradient")
    judge_all_pairs(leave_one_out, seed)


def true_baseline(rewards: Tensor) -> Tensor:
    """Mean of the others, by leaving rows out one at a time, `[S, B]`."""
    rows = range(len(rewards))
    return torch.stack([rewards[[j for j in rows if j != s]].mean(0) for s in rows])


def known_mistakes(r: Tensor) -> Mistakes:
    """What each known mistake gives."""
    others, count = r.sum(0) - r, len(r)
    return {
        "the sample's own reward is in it": r.mean(0).expand_as(r),
        "the sample's own reward is in it (and the samples' axis is gone)": r.mean(0),
        "it is divided by S; there are S − 1 others": others / count,
        "it is divided by 3 whatever S is; there are S − 1 others": others / 3,
        "the sample's own reward is in it, and the sum is divided by S − 1": (
            r.sum(0).expand_as(r) / (count - 1)
        ),
        "the others are those of the whole batch; take the samples of one review": (
            (r.sum() - r) / (r.numel() - 1)
        ),
        "the others are summed; take their mean": others,
        "the mean is over the batch; it goes over samples of one review": r.mean(
            1, keepdim=True
        ).expand_as(r),
        "a review is left out; a sample must be": (
            (r.sum(1, keepdim=True) - r) / max(1, r.shape[1] - 1)
        ),
        "it is the reward minus the baseline; return the baseline": r - others / (count - 1),
        "it is the sample's own reward": r,
        "it is the next sample alone; take all the others": r.roll(-1, 0),
    }


def judge_all_pairs(leave_one_out: Callable[[Tensor], Tensor], seed: int) -> None:
    """Weigh every pair of masks by q(z₁)q(z₂): the mean is exact and the variance falls."""
    masks, logits = all_masks(WORDS), draw_sentences(seed).logits[0, :WORDS]
    q, score, r = (
        log_mass(masks, logits).exp(),
        masks - torch.sigmoid(logits),
        random_reward(masks, seed),
    )
    count = len(masks)
    first, second = torch.arange(count).repeat_interleave(count), torch.arange(count).repeat(count)
    pair = torch.stack([first, second])  # [2, N²]
    weight, truth = q[first] * q[second], (q * r) @ score
    b = torch.as_tensor(leave_one_out(r[pair]))
    estimate, plain = (((r[pair] - c)[..., None] * score[pair]).mean(0) for c in (b, 0.0))
    expect("the mean estimate over all pairs of masks", weight @ estimate, truth)
    quiet, noisy = (float((weight @ (e - truth).square()).sum()) for e in (estimate, plain))
    if quiet >= noisy:
        raise Mistake("the variance over all pairs", "it is not lower", yours=quiet, expected=noisy)
    passed(
        f"over all {count**2} pairs of masks: mean exact; "
        f"variance {quiet / noisy:.3f} of that without a baseline"
    )
