"""The list of all estimators: name → how to build it and what to expect of it."""

from __future__ import annotations

from torch.distributions import Bernoulli

from vilib.estimators import references as by
from vilib.estimators import with_baseline
from vilib.estimators.contract import Entry
from vilib.estimators.enumeration import Enumeration
from vilib.estimators.pathwise import Pathwise
from vilib.estimators.score_function import ScoreFunction
from vilib.estimators.straight_through import StraightThroughBernoulli

__all__ = ["ALL"]

SCALED = "the score term is divided by max(1, sd) of past rewards: direction kept, length not"
RELAXED = "f is differentiated between 0 and 1, where z never is"

ENTRIES = (
    Entry("enumeration", Enumeration, "discrete", True, by.MOHAMED),
    # --- f is a black box
    Entry("score_function", ScoreFunction, "both", True, by.WILLIAMS),
    Entry("score_function_constant", with_baseline.constant, "both", True, by.WILLIAMS),
    Entry("score_function_running_mean", with_baseline.running_mean, "both", True, by.NVIL),
    Entry(
        "score_function_running_standardise",
        with_baseline.running_standardise,
        "both",
        False,
        by.NVIL,
        note=SCALED,
    ),
    Entry("score_function_network", with_baseline.network, "both", True, by.NVIL),
    Entry("score_function_argmax", with_baseline.argmax, "both", True, by.RENNIE),
    Entry("score_function_second_sample", with_baseline.second_sample, "both", True, by.MOHAMED),
    Entry("score_function_leave_one_out", with_baseline.leave_one_out, "both", True, by.KOOL, 2),
    # --- f is differentiated in z, and z is continuous
    Entry("pathwise", Pathwise, "continuous", True, by.KINGMA),
    # --- f is differentiated between the values of a discrete z
    Entry(
        "straight_through_bernoulli",
        StraightThroughBernoulli,
        "discrete",
        False,
        by.BENGIO,
        only=(Bernoulli,),
        relaxes=True,
        note=RELAXED,
    ),
)

ALL: dict[str, Entry] = {entry.name: entry for entry in ENTRIES}
