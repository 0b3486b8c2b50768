"""The likeliest selection under q: where the argmax baseline looks."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, agree, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass

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
        seed: Seed of the sentences.

    Raises:
        Mistake: The mask is not the likeliest, is not the same each time, or touches padding.

    Example:
        >>> is_the_likeliest_mask(lambda logits, mask: (logits > 0).double() * mask, seed=1)
        ✓ the mask is the likeliest of all, the same each time, and 0 at padding
    """
    logits, mask, _ = draw_sentences(seed)
    # probabilities near one half, so that a threshold of 0.5 on the logit shows
    logits = torch.where(mask, logits, logits.abs()) * 0.3
    logits[:, :3] = torch.tensor([0.25, -0.25, 0.7]).double()
    logits[0, 3] = 0.6
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        calls = [
            as_value(WHAT, argmax_mask(logits.clone(), mask.clone()), logits) for _ in range(4)
        ]
    if calls[0].dtype is torch.bool:
        raise Mistake(WHAT, "it holds True and False; marks are 0.0 or 1.0, so convert them")
    if not all(agree(c, calls[0]) for c in calls):
        raise Mistake(WHAT, "it differs from call to call: it is sampled, the argmax is not")
    expect(WHAT, calls[0], likeliest(logits, mask), known_mistakes(logits, mask))
    passed("the mask is the likeliest of all, the same each time, and 0 at padding")


def likeliest(logits: Tensor, mask: Tensor) -> Tensor:
    """The best of all masks of each sentence's words, by enumeration, `[B, T]`."""
    best = torch.zeros_like(logits)
    for row, (words, keep) in enumerate(zip(logits, mask)):
        masks = all_masks(int(keep.sum()))
        best[row, keep] = masks[log_mass(masks, words[keep]).argmax()]
    return best


def known_mistakes(logits: Tensor, mask: Tensor) -> Mistakes:
    """What each known mistake gives."""
    best = (logits > 0).double()
    return {
        "padding is selected": best,
        "the logit is compared with 0.5; its probability is, or the logit with 0": (logits > 0.5)
        * mask.double(),
        "z and 1 − z are swapped": (1 - best) * mask,
        "it holds probabilities; a mask is 0 or 1": torch.sigmoid(logits) * mask,
        "it holds probabilities, also at padding; a mask is 0 or 1": torch.sigmoid(logits),
        "every word is selected": mask.double(),
        "only the likeliest word of each sentence is selected": (
            (logits == logits.masked_fill(~mask, -1e9).amax(-1, keepdim=True)) * mask.double()
        ),
    }
