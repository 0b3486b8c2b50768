"""Gradient estimators for ∇ E_q[f(z)]: one contract, one idea per file, one registry.

`vilib.estimators.contract` states the contract; `ALL` lists what there is.

Example:
    >>> for name in sorted(name for name, entry in ALL.items() if not entry.unbiased):
    ...     print(name)
    gumbel_softmax
    gumbel_straight_through
    score_function_running_standardise
    straight_through_bernoulli
    straight_through_categorical
"""

from vilib.estimators import baselines
from vilib.estimators.arm import ARM
from vilib.estimators.contract import Entry, Estimator
from vilib.estimators.disarm import DisARM
from vilib.estimators.disarm_categorical import DisARMCategorical
from vilib.estimators.dreg import DReG
from vilib.estimators.enumeration import Enumeration
from vilib.estimators.gumbel_softmax import GumbelSoftmax
from vilib.estimators.gumbel_straight_through import GumbelStraightThrough
from vilib.estimators.k_likeliest import Likeliest, k_likeliest
from vilib.estimators.local_expectation import LocalExpectation
from vilib.estimators.pathwise import Pathwise
from vilib.estimators.rebar import Rebar
from vilib.estimators.registry import ALL
from vilib.estimators.relax import Relax
from vilib.estimators.score_function import ScoreFunction
from vilib.estimators.sparse_marginalisation import SparseMarginalisation
from vilib.estimators.sticking_the_landing import StickingTheLanding
from vilib.estimators.straight_through import StraightThroughBernoulli
from vilib.estimators.straight_through_categorical import StraightThroughCategorical
from vilib.estimators.sum_and_sample import SumAndSample
from vilib.estimators.vimco import VIMCO

__all__ = [
    "ALL",
    "ARM",
    "VIMCO",
    "DReG",
    "DisARM",
    "DisARMCategorical",
    "Entry",
    "Enumeration",
    "Estimator",
    "GumbelSoftmax",
    "GumbelStraightThrough",
    "Likeliest",
    "LocalExpectation",
    "Pathwise",
    "Rebar",
    "Relax",
    "ScoreFunction",
    "SparseMarginalisation",
    "StickingTheLanding",
    "StraightThroughBernoulli",
    "StraightThroughCategorical",
    "SumAndSample",
    "baselines",
    "k_likeliest",
]
