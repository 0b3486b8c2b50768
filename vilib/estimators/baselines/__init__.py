"""Baselines (control variates) for the score-function estimator, one per file.

A baseline predicts the reward without looking at the sample that it is applied to.
"""

from vilib.estimators.baselines.argmax import Argmax
from vilib.estimators.baselines.baseline import Baseline
from vilib.estimators.baselines.constant import Constant
from vilib.estimators.baselines.leave_one_out import LeaveOneOut
from vilib.estimators.baselines.network import Network
from vilib.estimators.baselines.running_mean import RunningMean
from vilib.estimators.baselines.running_standardise import RunningStandardise
from vilib.estimators.baselines.second_sample import SecondSample

__all__ = [
    "Argmax",
    "Baseline",
    "Constant",
    "LeaveOneOut",
    "Network",
    "RunningMean",
    "RunningStandardise",
    "SecondSample",
]
