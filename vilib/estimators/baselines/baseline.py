"""What a baseline promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

__all__ = ["Baseline"]


class Baseline(ABC):
    """A prediction b of the reward f(z) that does not use z, and has no gradient.

    Because E_q[b ∇ log q(z)] = b ∇ ∑_z q(z) = 0, subtracting b leaves the mean of the
    score-function estimator alone. Its variance is least near b* = E[f s²] / E[s²], s = ∇ log q(z).

    Attributes:
        frozen: While True, the state is read but not updated. Set it to measure bias and variance
            at a fixed state. Under `torch.no_grad()` nothing is updated either.

    Raises:
        ValueError: A baseline returns a shape that does not broadcast to `[S, B]`.

    Source: E. Greensmith, P. L. Bartlett and J. Baxter, 2004, Variance Reduction Techniques for
        Gradient Estimates in Reinforcement Learning,
        https://jmlr.org/papers/v5/greensmith04a.html

    Example: a baseline of one's own.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import ScoreFunction
        >>> class Half(Baseline):
        ...     def __call__(self, q, f, z, reward):
        ...         return torch.full_like(reward[:1], 0.5)
        >>> q = Bernoulli(logits=torch.zeros(3))
        >>> ScoreFunction(Half())(q, lambda z: z).shape
        torch.Size([3])
    """

    frozen: bool = False

    @abstractmethod
    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """The baseline b, of a shape that broadcasts to `[S, B]`.

        It may update its state with `reward`, but only after b has been read from the past.

        Args:
            q: The distribution that z was drawn from.
            f: The function whose expectation is differentiated, to be called at *other* points.
            z: The samples, `[S, B, *event]`.
            reward: f(z) without gradient, `[S, B]`.
        """

    def advantage(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """f(z) - b, `[S, B]`: what multiplies ∇ log q(z). Arguments as in `__call__`."""
        advantage = reward - self(q, f, z, reward)
        if advantage.shape != reward.shape:
            raise ValueError(f"a baseline must broadcast to {list(reward.shape)}; [B, 1] does not")
        return advantage

    def lesson(self, reward: Tensor) -> Tensor:
        """The rewards `[S, B]` to learn from, in a row `[N]`: finite ones, and none if frozen."""
        if self.frozen or not torch.is_grad_enabled():
            return reward.new_empty(0)
        return reward[reward.isfinite()]

    def reset(self) -> None:  # noqa: B027 - not abstract: most baselines have no state
        """Forget what was learned from past batches; without state, do nothing."""
