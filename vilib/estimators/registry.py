"""The list of all estimators: name → how to build it and what to expect of it."""

from __future__ import annotations

from torch.distributions import Bernoulli, Categorical, OneHotCategorical

from vilib.estimators import references as by
from vilib.estimators import with_baseline
from vilib.estimators.arm import ARM
from vilib.estimators.contract import Entry
from vilib.estimators.disarm import DisARM
from vilib.estimators.disarm_categorical import DisARMCategorical
from vilib.estimators.dreg import DReG
from vilib.estimators.enumeration import Enumeration
from vilib.estimators.gumbel_softmax import GumbelSoftmax
from vilib.estimators.gumbel_straight_through import GumbelStraightThrough
from vilib.estimators.local_expectation import LocalExpectation
from vilib.estimators.pathwise import Pathwise
from vilib.estimators.rebar import Rebar, rebar_trained
from vilib.estimators.relax import Relax
from vilib.estimators.score_function import ScoreFunction
from vilib.estimators.sparse_marginalisation import SparseMarginalisation
from vilib.estimators.sticking_the_landing import StickingTheLanding
from vilib.estimators.straight_through import StraightThroughBernoulli
from vilib.estimators.straight_through_categorical import StraightThroughCategorical
from vilib.estimators.sum_and_sample import SumAndSample
from vilib.estimators.vimco import VIMCO

__all__ = ["ALL"]

SCALED = "the score term is divided by max(1, sd) of past rewards: direction kept, length not"
RELAXED = "f is called and differentiated between 0 and 1, where z never is"
SLOPE = "the slope of f at a value of z is taken for the difference of f between two of them"
ROWS = (Bernoulli, OneHotCategorical)

ENTRIES = (
    Entry("enumeration", Enumeration, "discrete", True, by.MOHAMED, needs="support"),
    # --- f is a black box, and some of the values of z are summed
    Entry("sparse_marginalisation", SparseMarginalisation, "discrete", True, by.CORREIA),
    Entry("sum_and_sample", SumAndSample, "discrete", True, by.LIU, needs="support"),
    Entry("local_expectation", LocalExpectation, "discrete", True, by.TITSIAS, needs="support"),
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
    Entry("vimco", VIMCO, "both", True, by.REZENDE, 2, bound="iwae"),
    # --- f is a black box, called at pairs of mirrored samples
    Entry("arm", ARM, "discrete", True, by.YIN, 2, only=(Bernoulli,)),
    Entry("disarm", DisARM, "discrete", True, by.DONG, 2, only=(Bernoulli,)),
    Entry(
        "disarm_categorical",
        DisARMCategorical,
        "discrete",
        True,
        by.COUPLED,
        2,
        only=(Categorical, OneHotCategorical),
    ),
    # --- f is differentiated in z, and z is continuous
    Entry("pathwise", Pathwise, "continuous", True, by.KINGMA, needs="rsample"),
    Entry(
        "sticking_the_landing",
        StickingTheLanding,
        "continuous",
        True,
        by.ROEDER,
        needs="rsample",
    ),
    Entry("dreg", DReG, "continuous", True, by.DOUBLY, needs="rsample", bound="iwae"),
    # --- f is differentiated between the values of a discrete z
    Entry(
        "straight_through_bernoulli",
        StraightThroughBernoulli,
        "discrete",
        False,
        by.BENGIO,
        only=(Bernoulli,),
        note=SLOPE,
    ),
    Entry(
        "straight_through_categorical",
        StraightThroughCategorical,
        "discrete",
        False,
        by.BENGIO,
        only=(OneHotCategorical,),
        note=SLOPE,
    ),
    Entry(
        "gumbel_softmax",
        GumbelSoftmax,
        "discrete",
        False,
        by.JANG,
        only=ROWS,
        relaxes=True,
        note=RELAXED,
    ),
    Entry(
        "gumbel_straight_through",
        GumbelStraightThrough,
        "discrete",
        False,
        by.JANG,
        only=ROWS,
        note=SLOPE,
    ),
    Entry(
        "rebar",
        Rebar,
        "discrete",
        True,
        by.TUCKER,
        only=ROWS,
        relaxes=True,
    ),
    Entry(
        "rebar_trained",
        rebar_trained,
        "discrete",
        True,
        by.TUCKER,
        only=ROWS,
        relaxes=True,
    ),
    Entry(
        "relax",
        Relax,
        "discrete",
        True,
        by.GRATHWOHL,
        only=ROWS,
        relaxes=True,
    ),
)

ALL: dict[str, Entry] = {entry.name: entry for entry in ENTRIES}
