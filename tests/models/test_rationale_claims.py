"""The claims of unit 04: each can hold and fail, and the stored seeds are what is judged."""

import pytest

from vilib.models.rationale_claims import RIVALS, rationale_claims
from vilib.models.results import recorded


def summary(lead, selected=0.12, ratio=2.5):
    ours = {"accuracy": 0.4, "selected": selected, "polar_ratio": ratio}
    theirs = {key: ours | {"accuracy": 0.4 - lead} for key in RIVALS}
    return theirs | {("leave-one-out", target): ours | {"selected": target + selected - 0.1}
                     for target in (0.1, 0.3)}  # fmt: skip


def test_every_claim_can_hold_and_can_fail():
    assert all(claim.holds for claim in rationale_claims(summary(lead=0.041)))
    worse = rationale_claims(summary(lead=0.019, selected=0.145, ratio=1.9))
    assert len(worse) == 9
    assert not any(claim.holds for claim in worse)


def test_the_budget_is_missed_on_either_side():
    low = [c for c in rationale_claims(summary(0.1, selected=0.05)) if "budget" in c.words]
    assert [claim.value for claim in low] == pytest.approx([5, 5])
    assert not any(claim.holds for claim in low)


def test_nothing_is_claimed_without_stored_runs():
    assert rationale_claims({}) == []


def test_of_the_stored_claims_two_fail():
    stored = {(row["model"], row["target"]): row for row in recorded("04_sfe_sst")["summary"]}
    failing = [claim.words for claim in rationale_claims(stored) if not claim.holds]
    assert len(failing) == 2
    assert all("at least 4 points" in words for words in failing)
