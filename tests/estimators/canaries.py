"""Estimators that are wrong on purpose. Each is a mistake that was made somewhere, once.

The tests of unbiasedness are worth what they can catch: every canary must fail them.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, Distribution

from vilib.estimators import Estimator, ScoreFunction
from vilib.estimators.baselines import Baseline, LeaveOneOut, Network, RunningMean, SecondSample
from vilib.estimators.contract import innermost

Function = Callable[[Tensor], Tensor]


def surrogate(values: Tensor, score_term: Tensor) -> Tensor:
    """The value of f with the gradient of both terms, as a hand-written surrogate has it."""
    return (values + score_term - score_term.detach()).mean(0)


class WrongSign(Estimator):
    """Descends where it should ascend."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        values = f(z)
        return surrogate(values, -values.detach() * q.log_prob(z))


class RewardNotDetached(Estimator):
    """The score term differentiates f as well: f's parameters receive ∇f (1 + log q)."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        values = f(z)
        return surrogate(values, values * q.log_prob(z))


class BaselineNotDetached(Estimator):
    """f at another sample keeps its graph: f's parameters receive ∇E[f] (1 + H(q))."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        values, other = f(z), f(q.sample((num_samples,)))
        return surrogate(values, (values.detach() - other) * q.log_prob(z))


class DirectTermDropped(Estimator):
    """Only the score term: f's own parameters get no gradient."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        values = f(z).detach()
        return surrogate(values, values * q.log_prob(z))


class SumForMean(Estimator):
    """The score term is summed over samples where it should be averaged."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        values = f(z)
        return surrogate(values, num_samples * values.detach() * q.log_prob(z))


class BatchMixedUp(Estimator):
    """Samples' rewards go to the score of the next sample."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        values = f(z)
        return surrogate(values, values.detach().roll(1, 0) * q.log_prob(z))


class SampleAsMean(Estimator):
    """A sample taken for a constant: no score term at all."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z = q.sample((num_samples,))
        return surrogate(f(z), 0 * q.log_prob(z))


class KinkAtZero(Estimator):
    """log q of a Bernoulli through max(a, 0) and |a|: at logit 0 its derivative is 0 or 1."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        z, a = q.sample((num_samples,)), innermost(q).logits
        log_q = z * a - a.clamp(min=0) - (-a.abs()).exp().log1p()
        log_q = log_q.flatten(2).sum(-1) if q.event_shape else log_q
        values = f(z)
        return surrogate(values, values.detach() * log_q)


class AntitheticWithoutSign(Estimator):
    """DisARM that has lost the sign (-1)^z': its mean is about 0."""

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        assert isinstance(innermost(q), Bernoulli)
        a = innermost(q).logits
        u = torch.rand((num_samples, *a.shape))
        z, mirrored = (u < a.sigmoid()).to(a), (1 - u < a.sigmoid()).to(a)
        values = f(z)
        half = ((values - f(mirrored)) / 2).detach()
        term = half.reshape(*half.shape, *(1,) * (a.dim() + 1 - half.dim()))
        term = term * (z != mirrored) * a.abs().sigmoid().detach() * a
        return surrogate(values, term.flatten(2).sum(-1) if q.event_shape else term)


class PresentMean(RunningMean):
    """A running mean that takes in the present batch before it is read."""

    def __call__(self, q: Distribution, f: Function, z: Tensor, reward: Tensor) -> Tensor:
        super().__call__(q, f, z, reward)
        return self.mean


class PresentStandardise(Baseline):
    """Mean and standard deviation of the present batch."""

    def __call__(self, q: Distribution, f: Function, z: Tensor, reward: Tensor) -> Tensor:
        return reward.mean()

    def advantage(self, q: Distribution, f: Function, z: Tensor, reward: Tensor) -> Tensor:
        return (reward - self(q, f, z, reward)) / (reward.std(correction=0) + 1e-6)


class LeaveNoneOut(LeaveOneOut):
    """The mean over all samples, the one it is applied to included."""

    def __call__(self, q: Distribution, f: Function, z: Tensor, reward: Tensor) -> Tensor:
        return reward.mean(0)


class SameSample(SecondSample):
    """The second sample is the first one, with a little less weight."""

    def __call__(self, q: Distribution, f: Function, z: Tensor, reward: Tensor) -> Tensor:
        return 0.9 * f(z).detach()


class TrainedFirst(Network):
    """The network learns the present rewards before it predicts them."""

    def __call__(self, q: Distribution, f: Function, z: Tensor, reward: Tensor) -> Tensor:
        for _ in range(20):
            super().__call__(q, f, z, reward)
        return self.predict(reward.shape[1:]).detach()


def hot(network: nn.Module) -> TrainedFirst:
    """A network that learns fast enough for its mistake to matter."""
    return TrainedFirst(network, learning_rate=0.05)


def wrap(make: Callable[[], Baseline]) -> Callable[[], ScoreFunction]:
    """The score function with a wrong baseline."""
    return lambda: ScoreFunction(make())


# name: how to build it, the problem that shows it, the number of samples,
# and whether sampling alone shows it (a mean over a long batch hides what one datapoint does to it)
CANARIES: dict[str, tuple[Callable[[], Estimator], str, int, bool]] = {
    "wrong sign": (WrongSign, "pair-weighted", 1, True),
    "reward not detached": (RewardNotDetached, "vae", 1, True),
    "baseline not detached": (BaselineNotDetached, "vae", 1, True),
    "direct term dropped": (DirectTermDropped, "vae", 1, True),
    "sum for mean": (SumForMean, "pair-weighted", 2, True),
    "rewards mixed up": (BatchMixedUp, "pair-weighted", 2, True),
    "no score term": (SampleAsMean, "pair-weighted", 1, True),
    "kink at logit 0": (KinkAtZero, "bernoulli_at_0-linear", 1, True),
    "antithetic without sign": (AntitheticWithoutSign, "pair-weighted", 1, True),
    "running mean of the present": (wrap(PresentMean), "pair-weighted", 1, False),
    "standardised by the present": (wrap(PresentStandardise), "pair-weighted", 2, True),
    "leave none out": (wrap(LeaveNoneOut), "pair-weighted", 2, True),
    "second sample is the first": (wrap(SameSample), "pair-weighted", 1, True),
    "network learns first": (wrap(lambda: hot(nn.Linear(2, 1))), "pair-weighted", 1, False),
}
