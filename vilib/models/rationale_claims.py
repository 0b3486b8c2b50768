"""What unit 04 set out to show, judged by means over stored seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["Claim", "rationale_claims"]

OURS = "leave-one-out"
# "the score function" may be several things; at each target, the points that we should be ahead
RIVALS = {
    ("score function, 1 sample", 0.1): 4,
    ("score function", 0.1): 4,
    ("score function, own rate", 0.1): 4,
    ("score function, 1 sample", 0.3): 2,
    ("score function", 0.3): 2,
}


class Claim(NamedTuple):
    """A claim, the number that it is about, and whether it holds."""

    words: str
    value: float
    holds: bool


def rationale_claims(summary: Mapping[tuple[str, float], Mapping[str, float]]) -> list[Claim]:
    """The claims on accuracy, budget and the kind of words that are marked.

    Args:
        summary: (model, share of words) → "accuracy", "selected" and "polar_ratio", means over
            seeds. Where it lacks leave-one-out nothing is claimed.

    Example:
        >>> row = {"accuracy": 0.40, "selected": 0.11, "polar_ratio": 1.5}
        >>> summary = {("leave-one-out", 0.1): row, ("score function", 0.1): row}
        >>> for words, value, holds in rationale_claims(summary):
        ...     print(holds, words, round(value, 1))
        False at 10%, leave-one-out − score function, at least 4 points 0.0
        True at 10%, marks off the budget, at most 4 points 1.0
        False at 10%, polar : neutral, at least 2 1.5
    """
    claims = []
    for (rival, target), points in RIVALS.items():
        if (OURS, target) in summary and (rival, target) in summary:
            ours, theirs = summary[OURS, target], summary[rival, target]
            lead = 100 * (ours["accuracy"] - theirs["accuracy"])
            words = f"at {target:.0%}, {OURS} − {rival}, at least {points} points"
            claims.append(Claim(words, lead, lead >= points))
    for target in (0.1, 0.3):
        if row := summary.get((OURS, target)):
            off, ratio = 100 * abs(row["selected"] - target), row["polar_ratio"]
            near = f"at {target:.0%}, marks off the budget, at most 4 points"
            claims.append(Claim(near, off, off <= 4))
            claims.append(Claim(f"at {target:.0%}, polar : neutral, at least 2", ratio, ratio >= 2))
    return claims
