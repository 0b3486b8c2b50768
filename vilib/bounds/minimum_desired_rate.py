"""A lower limit on the rate, kept by a price that finds itself."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor
from torch.optim import SGD, Optimizer

__all__ = ["MinimumDesiredRate"]


class MinimumDesiredRate:
    """Maximise the ELBO among the models whose mean rate is at least r.

        max_{θ, λ} min_{u ≥ 0} ELBO - u (r - R),  R = mean over the batch of KL(q(z | x) ‖ p(z))

    The model descends -ELBO + u (r - R) by its own optimiser; the multiplier u ascends by another:
    u ← max(0, u + η (r - R)) with plain SGD. At the optimum either R = r, and u is what one more
    nat of rate costs in nats of ELBO, or R > r without being asked and u = 0.

    The rate's weight is 1 - u, so this is a β-weighted ELBO that finds its own β; `free_bits` has
    the same aim, but a gradient that jumps at the threshold.

    Attributes:
        multiplier: u, `[]`, at least 0.
        optimiser: Its optimiser, with the state that the optimiser keeps.

    Args:
        target: r, in nats per datapoint.
        learning_rate: η.
        optimiser: Builds the multiplier's optimiser, called as `optimiser([u], lr=η)`.

    Raises:
        ValueError: r is negative.

    Source: T. Pelsmaeker and W. Aziz, 2020, Effective Estimation of Deep Generative Language
        Models, https://arxiv.org/abs/1904.08194

    Example: the rate is 1 nat too low, so its price rises; then it is too high, and falls.
        >>> constraint = MinimumDesiredRate(target=3.0, learning_rate=0.5)
        >>> for batch in (torch.tensor([1.0, 3.0]), torch.tensor([3.4, 3.4])):
        ...     constraint.step(batch)
        ...     print(f"{constraint.multiplier:.2f}, {constraint.penalty(batch):.2f}")
        0.50, 0.50
        0.30, -0.12
    """

    def __init__(
        self,
        target: float,
        learning_rate: float = 0.01,
        optimiser: Callable[..., Optimizer] = SGD,
    ) -> None:
        if target < 0:
            raise ValueError(f"target is {target}, expected 0 or more nats")
        self.target, self.learning_rate, self.make_optimiser = target, learning_rate, optimiser
        self.reset()

    def reset(self) -> None:
        """Back to the first step: u = 0, and an optimiser without a past."""
        self.multiplier = torch.zeros(())
        self.optimiser = self.make_optimiser([self.multiplier], lr=self.learning_rate)

    def penalty(self, rate: Tensor) -> Tensor:
        """u (r - R), to be added to the mean nelbo, `[]`, nats, with a gradient in the rate only.

        Args:
            rate: KL(q(z | x) ‖ p(z)), `[B]`.
        """
        return self.multiplier.item() * (self.target - rate.mean())

    def step(self, rate: Tensor) -> None:
        """One step of the multiplier: up where the rate is too low, down where it is high.

        Args:
            rate: KL(q(z | x) ‖ p(z)), `[B]`.
        """
        # optimisers descend: the sign of r - R is turned
        self.multiplier.grad = self.multiplier.new_tensor(rate.mean().item() - self.target)
        self.optimiser.step()
        self.multiplier.clamp_(min=0)

    def state_dict(self) -> dict[str, object]:
        """What a checkpoint keeps."""
        # the optimiser's own state_dict would change with the next step
        optimiser = copy.deepcopy(self.optimiser.state_dict())
        return {"multiplier": self.multiplier.item(), "optimiser": optimiser}

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Go on from a checkpoint."""
        self.multiplier.fill_(state["multiplier"])
        self.optimiser.load_state_dict(copy.deepcopy(state["optimiser"]))
