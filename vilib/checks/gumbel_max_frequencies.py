"""The Gumbel-max trick."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.dice import draw_dice, expect_floating, one_hot_rows
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import expect_no_own_draws

__all__ = ["gumbel_max_has_the_frequencies"]

GumbelMax = Callable[[Tensor, Tensor], Tensor]
# midpoints of a grid of uniform numbers; the frequencies are those of the die up to about 1/SIDE
SIDE = 30


@careful
def gumbel_max_has_the_frequencies(gumbel_max: GumbelMax, *, seed: int) -> None:
    """Each roll equals the winner of a race of exponential clocks; faces come as often as q says.

    Face k has a clock that rings after Eₖ / exp(aₖ), Eₖ = −log uₖ; the first one wins. This is
    the same roll by another route: −log turns the smallest waiting time into the largest aₖ + gₖ.

    Args:
        gumbel_max: Maps logits `[B, K]` and uniform numbers `[S, B, K]` to one-hot rows
            `[S, B, K]`.
        seed: Draws logits and uniform numbers.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def gumbel_max(logits, u):
        ...     keys = logits - torch.log(-torch.log(u))
        ...     return torch.nn.functional.one_hot(keys.argmax(-1), logits.shape[-1]).double()
        >>> gumbel_max_has_the_frequencies(gumbel_max, seed=1)  # doctest: +ELLIPSIS
        ✓ every roll is the winner of the race
        ✓ over a grid of 27,000 noises the faces come with q's probabilities: 0...
    """
    logits, noise = draw_dice(seed, samples=200)
    u = torch.exp(-torch.exp(-noise))
    winner = (-torch.log(u) / logits.exp()).argmin(-1)
    truth = one_hot_rows(winner, logits.shape[-1])
    known = roll_mistakes(logits, u, winner)
    yours = expect_no_own_draws("the roll", gumbel_max, (logits, u), truth, known)
    expect_floating("the roll", yours, logits.dtype)
    low = winner[:, 0] < logits.shape[-1] - 1
    few = gumbel_max(logits[:1], u[low][:, :1])
    expect("the roll when the last face never wins", few, truth[low][:, :1])
    passed("every roll is the winner of the race")
    die = logits[:1, :3]
    cells = ((torch.arange(SIDE) + 0.5) / SIDE).double()
    grid = torch.cartesian_prod(cells, cells, cells)[:, None]  # [SIDE³, 1, 3]
    rolls = as_value("the rolls", gumbel_max(die, grid), truth).double()
    found, expected = rolls.mean(0)[0], die[0].softmax(-1)
    if not bool(((found - expected).abs() < 1 / SIDE).all()):
        raise Mistake("the frequency of the faces", "it is not q", yours=found, expected=expected)
    shares = ", ".join(f"{p:.2f}" for p in found.tolist())
    passed(f"over a grid of {SIDE**3:,} noises the faces come with q's probabilities: {shares}")


def roll_mistakes(logits: Tensor, u: Tensor, winner: Tensor) -> Mistakes:
    """What each known mistake gives for the rolls."""
    K, gumbel = logits.shape[-1], -torch.log(-torch.log(u))

    def by(keys: Tensor) -> Tensor:
        return one_hot_rows(keys.argmax(-1), K)

    return {
        "it is the index of the face; a one-hot row is asked for": winner.double(),
        "the noise has the wrong sign: Gumbel noise is −log(−log u)": by(logits - gumbel),
        "the noise is −log u, which is exponential; Gumbel noise is −log(−log u)": (
            by(logits - torch.log(u))
        ),
        "the noise is log u; Gumbel noise is −log(−log u)": by(logits + torch.log(u)),
        "the noise is u itself; Gumbel noise is −log(−log u)": by(logits + u),
        "the noise is logit u, which is for bits; Gumbel noise is −log(−log u)": (
            by(logits + torch.logit(u))
        ),
        "it is the likeliest face; add the noise": by(logits.expand_as(u)),
        "the noise is added to the probabilities; add it to the logits": (
            by(logits.softmax(-1) + gumbel)
        ),
        "the noise is multiplied; add it to the logits": by(logits * gumbel),
        "the logits are not used": by(gumbel),
        "it is the smallest key, not the largest": by(-(logits + gumbel)),
        "the noise is made of 1 − u: just as random, but −log(−log u) is asked for": (
            by(logits - torch.log(-torch.log1p(-u)))
        ),
        "the inner minus is missing: log u is negative, and its logarithm NaN": (
            by(torch.full_like(u, torch.nan))
        ),
        "the logits are subtracted (or the waiting time multiplied); a fast clock rings first": (
            by(gumbel - logits)
        ),
        "it is soft; a roll is 0 or 1": (logits + gumbel).softmax(-1),
    }
