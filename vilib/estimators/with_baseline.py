"""The score function with each of the baselines, ready to be registered."""

from __future__ import annotations

from torch import Tensor, nn

from vilib.estimators import baselines
from vilib.estimators.score_function import ScoreFunction

__all__: list[str] = []


def constant(value: float = 0.0) -> ScoreFunction:
    """Score function with the constant `value` as baseline."""
    return ScoreFunction(baselines.Constant(value))


def running_mean(decay: float = 0.9) -> ScoreFunction:
    """Score function with the running mean of past rewards as baseline."""
    return ScoreFunction(baselines.RunningMean(decay))


def running_standardise(decay: float = 0.9) -> ScoreFunction:
    """Score function with rewards standardised by past batches."""
    return ScoreFunction(baselines.RunningStandardise(decay))


def network(network: nn.Module, condition: Tensor | None = None) -> ScoreFunction:
    """Score function with `network(condition)` as baseline."""
    baseline = baselines.Network(network)
    if condition is not None:
        baseline.condition(condition)
    return ScoreFunction(baseline)


def argmax() -> ScoreFunction:
    """Score function with the reward at q's mode as baseline."""
    return ScoreFunction(baselines.Argmax())


def second_sample() -> ScoreFunction:
    """Score function with the reward at another sample as baseline."""
    return ScoreFunction(baselines.SecondSample())


def leave_one_out() -> ScoreFunction:
    """Score function with the mean reward of the other samples as baseline."""
    return ScoreFunction(baselines.LeaveOneOut())
