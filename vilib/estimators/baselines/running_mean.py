"""The mean of past rewards."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline

__all__ = ["RunningMean"]


class RunningMean(Baseline):
    """b = mean of the rewards of past batches, one number for all datapoints; 0 before the first.

    After batch t the mean moves by max(1/t, 1 - decay) towards the batch's mean: the plain mean of
    all batches at first, later an exponential window over about 1/(1 - decay) of them. The present
    batch enters only after b has been read: otherwise b depends on z and the gradient is biased.

    Args:
        decay: Between 0 (the last batch alone) and 1 (all batches alike).

    Attributes:
        mean: The running mean, `[]`.
        batches: How many batches it has seen.

    Raises:
        ValueError: `decay` is outside [0, 1].

    Source: A. Mnih and K. Gregor, 2014, Neural Variational Inference and Learning in Belief
        Networks, https://arxiv.org/abs/1402.0030

    Example:
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import ScoreFunction
        >>> baseline = RunningMean()
        >>> estimator = ScoreFunction(baseline)
        >>> q = Bernoulli(logits=torch.zeros(3))
        >>> for constant in (2.0, 4.0):
        ...     _ = estimator(q, lambda z: 0 * z + constant)
        >>> baseline.mean, baseline.batches
        (tensor(3.), 2)
    """

    def __init__(self, decay: float = 0.9) -> None:
        if not 0 <= decay <= 1:
            raise ValueError(f"decay must lie between 0 and 1, got {decay}")
        self.decay = decay
        self.reset()

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """The mean of past batches, `[]`; then the present batch is taken in."""
        past = self.mean.to(reward)
        lesson = self.lesson(reward)
        if len(lesson):
            self.batches += 1
            step = max(1 / self.batches, 1 - self.decay)
            self.mean = past + step * (lesson.mean() - past)
        return past

    def reset(self) -> None:
        """Back to mean 0 and no batches."""
        self.mean, self.batches = torch.zeros(()), 0
