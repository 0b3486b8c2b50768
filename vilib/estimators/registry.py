"""The list of all estimators: name → how to build it and what to expect of it."""

from __future__ import annotations

from torch import Tensor, nn
from torch.distributions import Bernoulli

from vilib.estimators import baselines
from vilib.estimators.contract import Entry
from vilib.estimators.enumeration import Enumeration
from vilib.estimators.pathwise import Pathwise
from vilib.estimators.score_function import ScoreFunction
from vilib.estimators.straight_through import StraightThroughBernoulli

__all__ = ["ALL"]

WILLIAMS = (
    "R. J. Williams, 1992, Simple Statistical Gradient-Following Algorithms for Connectionist "
    "Reinforcement Learning, https://doi.org/10.1007/BF00992696"
)
NVIL = (
    "A. Mnih and K. Gregor, 2014, Neural Variational Inference and Learning in Belief Networks, "
    "https://arxiv.org/abs/1402.0030"
)
MOHAMED = (
    "S. Mohamed, M. Rosca, M. Figurnov and A. Mnih, 2020, Monte Carlo Gradient Estimation in "
    "Machine Learning, https://arxiv.org/abs/1906.10652"
)
RENNIE = (
    "S. J. Rennie, E. Marcheret, Y. Mroueh, J. Ross and V. Goel, 2017, Self-critical Sequence "
    "Training for Image Captioning, https://arxiv.org/abs/1612.00563"
)
KOOL = (
    "W. Kool, H. van Hoof and M. Welling, 2019, Buy 4 REINFORCE Samples, Get a Baseline for Free!, "
    "https://openreview.net/forum?id=r1lgTGL5DE"
)
KINGMA = (
    "D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes, "
    "https://arxiv.org/abs/1312.6114"
)
BENGIO = (
    "Y. Bengio, N. Léonard and A. Courville, 2013, Estimating or Propagating Gradients Through "
    "Stochastic Neurons for Conditional Computation, https://arxiv.org/abs/1308.3432"
)


def with_constant(value: float = 0.0) -> ScoreFunction:
    """Score function with the constant `value` as baseline."""
    return ScoreFunction(baselines.Constant(value))


def with_running_mean(decay: float = 0.9) -> ScoreFunction:
    """Score function with the running mean of past rewards as baseline."""
    return ScoreFunction(baselines.RunningMean(decay))


def with_running_standardise(decay: float = 0.9) -> ScoreFunction:
    """Score function with rewards standardised by past batches."""
    return ScoreFunction(baselines.RunningStandardise(decay))


def with_network(network: nn.Module, condition: Tensor | None = None) -> ScoreFunction:
    """Score function with `network(condition)` as baseline."""
    baseline = baselines.Network(network)
    if condition is not None:
        baseline.condition(condition)
    return ScoreFunction(baseline)


def with_argmax() -> ScoreFunction:
    """Score function with the reward at q's mode as baseline."""
    return ScoreFunction(baselines.Argmax())


def with_second_sample() -> ScoreFunction:
    """Score function with the reward at another sample as baseline."""
    return ScoreFunction(baselines.SecondSample())


def with_leave_one_out() -> ScoreFunction:
    """Score function with the mean reward of the other samples as baseline."""
    return ScoreFunction(baselines.LeaveOneOut())


SCALED = "the score term is divided by max(1, sd) of past rewards: direction kept, length not"
RELAXED = "f is differentiated between 0 and 1, where z never is"

ALL: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry("enumeration", Enumeration, "discrete", True, MOHAMED),
        Entry("score_function", ScoreFunction, "both", True, WILLIAMS),
        Entry("score_function_constant", with_constant, "both", True, WILLIAMS),
        Entry("score_function_running_mean", with_running_mean, "both", True, NVIL),
        Entry(
            "score_function_running_standardise",
            with_running_standardise,
            "both",
            False,
            NVIL,
            note=SCALED,
        ),
        Entry("score_function_network", with_network, "both", True, NVIL),
        Entry("score_function_argmax", with_argmax, "both", True, RENNIE),
        Entry("score_function_second_sample", with_second_sample, "both", True, MOHAMED),
        Entry("score_function_leave_one_out", with_leave_one_out, "both", True, KOOL, 2),
        Entry("pathwise", Pathwise, "continuous", True, KINGMA),
        Entry(
            "straight_through_bernoulli",
            StraightThroughBernoulli,
            "discrete",
            False,
            BENGIO,
            only=Bernoulli,
            note=RELAXED,
        ),
    )
}
