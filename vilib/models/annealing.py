"""A temperature that comes down while a model is trained."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators import Estimator, GumbelSoftmax, GumbelStraightThrough

__all__ = ["Annealed", "Cooling"]


@dataclass(frozen=True)
class Cooling:
    """τ falls exponentially to a floor, in steps.

        τ(t) = max(end, start · (end / start)^(n / num_steps)),  n = t rounded down to `every`

    Args:
        start: τ at step 0.
        end: τ from step `num_steps` on; not 0, where the gradient's variance has no end.
        num_steps: When the floor is reached.
        every: After how many steps τ is changed.

    Raises:
        ValueError: A temperature that is not positive, a rising one, or fewer than one step.

    Source: E. Jang, S. Gu and B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax,
        https://arxiv.org/abs/1611.01144, section 4.1

    Example: halfway the geometric mean.
        >>> cooling = Cooling(start=1.0, end=0.25, num_steps=100, every=50)
        >>> [cooling(step) for step in (0, 49, 50, 99, 100, 1000)]
        [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    start: float = 1.0
    end: float = 0.5
    num_steps: int = 1000
    every: int = 1

    def __post_init__(self) -> None:
        """Refuse what does not cool."""
        if not 0 < self.end <= self.start or min(self.num_steps, self.every) < 1:
            raise ValueError(f"{self}: expected 0 < end ≤ start and at least one step")

    def __call__(self, step: int) -> float:
        """τ at a step, counted from 0."""
        n = min(step // self.every * self.every, self.num_steps)
        return max(self.end, self.start * math.exp(n / self.num_steps * self.slope))

    @property
    def slope(self) -> float:
        """log(end / start)."""
        return math.log(self.end / self.start)


class Annealed(Estimator):
    """An estimator whose temperature follows a `Cooling`, one step a call.

    Args:
        estimator: With a `temperature` that may be set between calls.
        cooling: Maps steps to temperatures.

    Attributes:
        step: How many calls there were; `reset` sets it to 0.

    Example:
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> cooled = Annealed(GumbelSoftmax(), Cooling(1.0, 0.25, num_steps=2))
        >>> q = Bernoulli(logits=torch.zeros(1))
        >>> for _ in range(3):
        ...     _ = cooled(q, lambda z: z)
        ...     print(cooled.estimator.temperature)
        1.0
        0.5
        0.25
    """

    def __init__(self, estimator: GumbelSoftmax | GumbelStraightThrough, cooling: Cooling) -> None:
        self.estimator, self.cooling, self.step = estimator, cooling, 0

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The estimator's surrogate at the present temperature, `[B]`."""
        self.estimator.temperature = self.cooling(self.step)
        self.step += 1
        return self.estimator(q, f, num_samples)

    def reset(self) -> None:
        """Begin again at the highest temperature."""
        self.step = 0
        self.estimator.reset()
