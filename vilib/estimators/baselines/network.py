"""A network that predicts the reward from the observation."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from vilib.estimators.baselines.baseline import Baseline
from vilib.estimators.own_step import own_step

__all__ = ["Network"]


class Network(Baseline):
    """b(x) = network(x), trained by least squares on the rewards, with an optimiser of its own.

    The caller sets x by `condition(x)` before each call of the estimator. b is read first; then
    one step is taken on the mean of (f(z) - b(x))². The prediction is detached and so are reward
    and x: no gradient flows into q or f, and none from the estimator into the network.

    Args:
        network: Maps x to `[B]` or `[B, 1]`; shares no parameter with q or f.
        learning_rate: Of Adam, the optimiser.

    Attributes:
        network: The network, visible and on the caller's device.
        optimiser: Its optimiser.
        loss: The last mean squared error, `[]`, or None.

    Raises:
        ValueError: No `condition(x)`, or the network does not return one value per datapoint.

    Source: A. Mnih and K. Gregor, 2014, Neural Variational Inference and Learning in Belief
        Networks, https://arxiv.org/abs/1402.0030, section 2.3.1

    Example: the reward is 5 x, whatever z; the network learns it.
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import ScoreFunction
        >>> _ = torch.manual_seed(1)
        >>> x = torch.tensor([[0.0], [1.0]])
        >>> baseline = Network(nn.Linear(1, 1), learning_rate=0.1)
        >>> estimator = ScoreFunction(baseline)
        >>> for _ in range(300):
        ...     baseline.condition(x)
        ...     _ = estimator(Bernoulli(logits=torch.zeros(2)), lambda z: 0 * z + 5 * x[:, 0])
        >>> bool(baseline.loss < 1e-3)
        True
    """

    def __init__(self, network: nn.Module, learning_rate: float = 1e-2) -> None:
        self.network, self.learning_rate = network, learning_rate
        self.x: Tensor | None = None
        self.start = copy.deepcopy(network.state_dict())
        self.reset()

    def condition(self, x: Tensor) -> None:
        """Set the observation that the next prediction is made from, one row per datapoint."""
        self.x = x.detach()

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor, reward: Tensor
    ) -> Tensor:
        """network(x), `[B]`, without gradient; then one step of least squares."""
        b = self.predict(reward.shape[1:])
        errors = (reward - b)[reward.isfinite()]
        if len(errors) and len(self.lesson(reward)):
            self.learn(errors.square().mean())
        return b.detach()

    def learn(self, loss: Tensor) -> None:
        """One step of the optimiser on the mean squared error `[]`; no `.grad` stays behind."""
        own_step(self.optimiser, list(self.network.parameters()), loss)
        self.loss = loss.detach()

    def predict(self, shape: torch.Size) -> Tensor:
        """network(x) in the shape of one sample's rewards, `[B]`."""
        if self.x is None:
            raise ValueError("the network baseline needs baseline.condition(x) before each call")
        b = self.network(self.x)
        if b.shape == (*shape, 1):
            b = b.squeeze(-1)
        if b.shape != shape:
            raise ValueError(
                f"the baseline network must return one value per datapoint, {list(shape)}, "
                f"got {list(b.shape)}"
            )
        return b

    def reset(self) -> None:
        """Back to the weights that the network came with, and to a new optimiser."""
        self.network.load_state_dict(self.start)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=self.learning_rate)
        self.loss: Tensor | None = None
