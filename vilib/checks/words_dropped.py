"""Word dropout: which inputs of a decoder become <unk>."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["words_are_dropped"]

WHAT = "the inputs after word dropout"
PAD, UNK, BOS = 0, 1, 2


@careful
def words_are_dropped(
    drop_words: Callable[[Tensor, Tensor, float], Tensor], *, seed: int, rate: float = 0.4
) -> None:
    """Check that words, and only words, become <unk> where the noise is below the rate.

    At given noise the answer is exact. At rate 0 nothing changes; at rate 1 every word goes, and
    the beginning of the sentence and padding stay.

    Args:
        drop_words: Maps inputs `[B, T]`, noise in [0, 1) `[B, T]` and a rate to inputs `[B, T]`.
        seed: Draws words and noise.
        rate: Between 0 and 1.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def drop_words(inputs, noise, rate):
        ...     return inputs.masked_fill((noise < rate) & (inputs != 0) & (inputs != 2), 1)
        >>> words_are_dropped(drop_words, seed=1)
        ✓ words are dropped where the noise says so; <bos> and padding stay
        ✓ rate 0 drops nothing, rate 1 every word
    """
    inputs, noise = draw(seed)
    truths = {}
    for share in (rate, 0.0, 1.0):
        yours = drop_words(inputs.clone(), noise.clone(), share)
        value = as_value(WHAT, yours, inputs)
        if value.dtype == torch.bool:
            raise Mistake(WHAT, "a mask came back; put <unk> where it is True, in the inputs")
        if value.dtype != inputs.dtype:
            raise Mistake(WHAT, f"word numbers are {inputs.dtype}, and {value.dtype} came back")
        truths[share] = one_by_one(inputs, noise, share)
        mistakes = known_mistakes(inputs, noise, share)
        expect(WHAT, value, truths[share], mistakes | elsewhere(inputs, value, mistakes))
    passed("words are dropped where the noise says so; <bos> and padding stay")
    passed("rate 0 drops nothing, rate 1 every word")


def draw(seed: int) -> tuple[Tensor, Tensor]:
    """Sentences of 7, 5 and 3 words behind <bos>; noise low and high at each kind of place."""
    generator = torch.Generator().manual_seed(seed)
    words = torch.randint(4, 50, (3, 7), generator=generator)
    there = torch.arange(7) < torch.tensor([7, 5, 3])[:, None]
    inputs = torch.cat([torch.full((3, 1), BOS), words * there], dim=1)
    noise = torch.rand(3, 8, generator=generator)
    noise[0, 0], noise[1, 0], noise[1, 6], noise[2, 7] = 0.05, 0.95, 0.03, 0.97
    # exactly 0 may be drawn, and is not below a rate of 0
    noise[0, 1], noise[0, 2], noise[2, 1], noise[2, 2] = 0.02, 0.98, 0.2, 0.0
    return inputs, noise


def one_by_one(inputs: Tensor, noise: Tensor, rate: float) -> Tensor:
    """The truth, word by word in plain Python, `[B, T]`."""
    rows = [
        [UNK if u < rate and word not in (PAD, BOS) else word for word, u in zip(line, draws)]
        for line, draws in zip(inputs.tolist(), noise.tolist())
    ]
    return torch.tensor(rows)


def elsewhere(inputs: Tensor, value: Tensor, others: Mistakes) -> Mistakes:
    """The answer itself, if some words became <unk> and all else is right, but not where told."""
    if value.dim() != 2 or value.shape != inputs.shape:
        return {"words are taken out; they are replaced, and the shape stays": value}
    changed = value != inputs
    words = (inputs != PAD) & (inputs != BOS)
    if not bool((changed & ~words).any()) and bool((value[changed] == UNK).all()):
        return {"other words went than those where the noise given is below the rate": value}
    number = {"dropped words become another number than 1, that of <unk>": value}
    return number if not bool((changed & ~words).any()) else {}


def known_mistakes(inputs: Tensor, noise: Tensor, rate: float) -> Mistakes:
    """What each known mistake gives."""
    low, bos, pad = noise < rate, inputs == BOS, inputs == PAD
    words = ~bos & ~pad
    return {
        "<bos> is dropped too; the decoder must know where it starts": (
            inputs.masked_fill(low & ~pad, UNK)
        ),
        "padding is dropped too, so that it looks like unknown words": (
            inputs.masked_fill(low & ~bos, UNK)
        ),
        "<bos> and padding are dropped too": inputs.masked_fill(low, UNK),
        "the words to keep are dropped: a word goes where the noise is below the rate": (
            inputs.masked_fill(~low & words, UNK)
        ),
        "words become padding; they become <unk>": inputs.masked_fill(low & words, PAD),
        "words become <bos>; they become <unk>": inputs.masked_fill(low & words, BOS),
        "nothing is dropped": inputs,
        "the mask came back; put <unk> where it is True": (low & words).to(inputs.dtype),
        "everything but padding is dropped, whatever the noise (| and & mixed up?)": (
            inputs.masked_fill(~pad, UNK)
        ),
        "noise of exactly the rate drops a word too; only noise below it does (<, not ≤)": (
            inputs.masked_fill((noise <= rate) & words, UNK)
        ),
        "a place is spared only if all conditions say so: join them with &, not |": (
            inputs.masked_fill(~pad | (~bos & low), UNK)
        ),
        "every word is dropped, whatever the noise": inputs.masked_fill(words, UNK),
        "<unk> stands at the words that stay": torch.where(low & words, inputs, UNK),
        "the first column is kept and padding is dropped": inputs.masked_fill(low & ~bos, UNK),
    }
