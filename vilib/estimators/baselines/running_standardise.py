"""Rewards standardised with the mean and standard deviation of past rewards."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline

__all__ = ["RunningStandardise"]


class RunningStandardise(Baseline):
    """The advantage is (f(z) - mean) / max(1, sd), with mean and sd of the rewards of past batches.

    The division keeps the step size of the optimiser right while rewards change their scale. It
    is *not* a baseline in the strict sense: at a given state the score term has the expectation
    ∇ / max(1, sd). Its direction is right, its length is not, and the direct gradient of f is not
    scaled. The registry therefore calls it biased. The floor of 1 keeps small rewards from being
    blown up. Before the first batch mean is 0 and sd is 1.

    Mean and variance are those of the mixture of the past (weight 1 - step) and the present batch
    (weight step), with step = max(1/t, 1 - decay) after batch t.

    Args:
        decay: Between 0 (the last batch alone) and 1 (all batches alike).

    Attributes:
        mean: Running mean, `[]`.
        variance: Running variance, `[]`.
        batches: How many batches it has seen.

    Raises:
        ValueError: `decay` is outside [0, 1].

    Source: A. Mnih and K. Gregor, 2014, Neural Variational Inference and Learning in Belief
        Networks, https://arxiv.org/abs/1402.0030, section 2.3

    Example:
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import ScoreFunction
        >>> baseline = RunningStandardise()
        >>> q = Bernoulli(probs=torch.tensor([1e-6, 1 - 1e-6]))  # rewards 0 and 10
        >>> _ = torch.manual_seed(1)
        >>> _ = ScoreFunction(baseline)(q, lambda z: 10 * z)
        >>> baseline.mean, baseline.variance, baseline.scale
        (tensor(5.), tensor(25.), tensor(5.))
    """

    def __init__(self, decay: float = 0.9) -> None:
        if not 0 <= decay <= 1:
            raise ValueError(f"decay must lie between 0 and 1, got {decay}")
        self.decay = decay
        self.reset()

    @property
    def scale(self) -> Tensor:
        """max(1, sd) of past batches, `[]`."""
        return self.variance.sqrt().clamp(min=1.0)

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """The mean of past batches, `[]`; then the present batch is taken in."""
        past = self.mean.to(reward)
        lesson = self.lesson(reward)
        if len(lesson):
            self.update(lesson)
        return past

    def advantage(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """(f(z) - mean) / max(1, sd), `[S, B]`. Arguments as in `__call__`."""
        scale = self.scale.to(reward)  # read before the present batch is taken in
        return (reward - self(q, f, z, reward)) / scale

    def update(self, reward: Tensor) -> None:
        """Take in one batch of rewards `[N]`."""
        self.batches += 1
        step = max(1 / self.batches, 1 - self.decay)
        gap = reward.mean() - self.mean.to(reward)
        self.variance = (
            (1 - step) * self.variance.to(reward)
            + step * reward.var(correction=0)
            + step * (1 - step) * gap**2
        )
        self.mean = self.mean.to(reward) + step * gap

    def reset(self) -> None:
        """Back to mean 0, variance 1 and no batches."""
        self.mean, self.variance, self.batches = torch.zeros(()), torch.ones(()), 0
