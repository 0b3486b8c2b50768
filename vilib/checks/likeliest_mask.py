"""The likeliest selection under q: where the argmax baseline looks."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, agree, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass
from vilib.checks.squeezed import squeezed

__all__ = ["is_the_likeliest_mask"]

WHAT = "the likeliest mask"
ArgmaxMask = Callable[[Tensor, Tensor], Tensor]


@careful
def is_the_likeliest_mask(argmax_mask: ArgmaxMask, *, seed: int) -> None:
    """Check argmax_z q(z|x), 0 at padding, against the best of all masks.

    The baseline that uses it is the reward at this mask (Rennie et al., 2017, *Self-critical
    sequence training for image captioning*, https://arxiv.org/abs/1612.00563).

    Args:
        argmax_mask: Maps logits `[B, T]` and mask `[B, T]` to a selection of 0s and 1s, `[B, T]`.
        seed: Seed of the reviews.

    Raises:
        Mistake: The mask is not the likeliest, is not the same each time, or touches padding.

    Example:
        >>> is_the_likeliest_mask(lambda logits, mask: (logits > 0).double() * mask, seed=1)
        ✓ the mask is the likeliest of all, the same each time, and 0 at padding
    """
    logits, mask, _ = draw_sentences(seed)
    # probabilities near one half, so that a threshold of 0.5 on the logit shows
    logits = torch.where(mask, logits, logits.abs()) * 0.3
    # .50025 and .49975: no affordable number of samples tells them apart
    logits[:, :3] = torch.tensor([0.001, -0.001, 0.7]).double()
    logits[0, 3] = 0.8
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        calls = [
            as_value(WHAT, argmax_mask(logits.clone(), mask.clone()), logits) for _ in range(4)
        ]
    if calls[0].dtype is torch.bool:
        raise Mistake(WHAT, "it holds True and False; marks are 0.0 or 1.0, so convert them")
    if not all(agree(c, calls[0]) for c in calls):
        raise Mistake(WHAT, "it differs from call to call: it is sampled, the argmax is not")
    truth = likeliest(logits, mask)
    expect(WHAT, calls[0], truth, known_mistakes(logits, mask))
    alone = argmax_mask(logits[:1].clone(), mask[:1].clone())
    expect(f"{WHAT} of a single review", alone, truth[:1], squeezed(truth[:1]))
    passed("the mask is the likeliest of all, the same each time, and 0 at padding")


def likeliest(logits: Tensor, mask: Tensor) -> Tensor:
    """The best of all masks of each review's words, by enumeration, `[B, T]`."""
    best = torch.zeros_like(logits)
    for row, (words, keep) in enumerate(zip(logits, mask)):
        masks = all_masks(int(keep.sum()))
        best[row, keep] = masks[log_mass(masks, words[keep]).argmax()]
    return best


def known_mistakes(logits: Tensor, mask: Tensor) -> Mistakes:
    """What each known mistake gives."""
    best = (logits > 0).double()
    return {
        "padding is marked": best,
        "the logit is compared with 0.5; its probability is, or the logit with 0": (logits > 0.5)
        * mask.double(),
        "z and 1 − z are swapped": (1 - best) * mask,
        "it holds probabilities; a mask is 0 or 1": torch.sigmoid(logits) * mask,
        "it holds probabilities, also at padding; a mask is 0 or 1": torch.sigmoid(logits),
        "every word is marked": mask.double(),
        "padding is −1; it is 0.0": torch.where(mask, best, -1.0),
        "the logit is compared with the review's mean logit; compare it with 0": (
            (logits > logits.mean(-1, keepdim=True)) * mask.double()
        ),
        "the logit is compared with its own probability; compare it with 0": (
            (logits > logits.sigmoid()) * mask.double()
        ),
        "only the likeliest word of each review is marked": (
            (logits == logits.masked_fill(~mask, -1e9).amax(-1, keepdim=True)) * mask.double()
        ),
    }
