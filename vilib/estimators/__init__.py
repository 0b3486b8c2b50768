"""Gradient estimators for ∇ E_q[f(z)]: one contract, one idea per file, one registry.

`vilib.estimators.contract` states the contract; `ALL` lists what there is.

Example:
    >>> sorted(name for name, entry in ALL.items() if not entry.unbiased)
    ['score_function_running_standardise', 'straight_through_bernoulli']
"""

from vilib.estimators import baselines
from vilib.estimators.contract import Entry, Estimator
from vilib.estimators.enumeration import Enumeration
from vilib.estimators.pathwise import Pathwise
from vilib.estimators.registry import ALL
from vilib.estimators.score_function import ScoreFunction
from vilib.estimators.straight_through import StraightThroughBernoulli

__all__ = [
    "ALL",
    "Entry",
    "Enumeration",
    "Estimator",
    "Pathwise",
    "ScoreFunction",
    "StraightThroughBernoulli",
    "baselines",
]
