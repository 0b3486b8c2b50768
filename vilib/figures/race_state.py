"""What the estimator race shows: gradients drawn one by one, and how far their mean is off.

One component of the gradient of E_q[f(z)] is followed. N copies of q give N gradients in one
backward pass, because the surrogate has one entry per copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib import exact

__all__ = ["State", "race"]

Rule = Callable[..., Tensor]
Reward = Callable[[Tensor], Tensor]
# copies of q in one backward pass, and passes that are not counted
BATCH, WARM_UP = 128, 8


@dataclass(frozen=True, eq=False)
class State:
    """The race up to one count of draws. Axes: E estimators, C counts.

    Attributes:
        names: E names.
        counts: Numbers of gradients at which the race is looked at, increasing, `[C]`.
        means: Mean of the first n gradients, `[E, C]`.
        deviations: Standard deviation of one gradient, from all draws, `[E]`.
        exact: The exact gradient.
        step: How far the race has gone, an index of `counts`; -1 is the end.
    """

    names: tuple[str, ...]
    counts: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    exact: float
    step: int = -1

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        E, C = len(self.names), len(self.counts)
        if self.means.shape != (E, C) or self.deviations.shape != (E,):
            raise ValueError(f"means must be [{E}, {C}] and deviations [{E}]")
        if not -C <= self.step < C:
            raise ValueError(f"step must be an index of the {C} counts, got {self.step}")

    @property
    def drawn(self) -> int:
        """How many gradients have been drawn."""
        return int(self.counts[self.step])

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard error of the mean so far, `[E]`."""
        return self.deviations / np.sqrt(self.drawn)

    @property
    def bias(self) -> np.ndarray:
        """(mean - exact) in standard errors, `[E]`.

        Without variance it is 0 if the mean is exact up to rounding, and infinite if not.
        """
        error, se = self.means[:, self.step] - self.exact, self.standard_errors
        rounding = 1e-6 * (abs(self.exact) + self.deviations.max())
        z = error / np.maximum(se, rounding)
        return np.where(se > rounding, z, np.where(abs(z) <= 1, 0.0, np.copysign(np.inf, z)))


def race(
    q: Callable[[Tensor], Distribution],
    parameters: Tensor,
    f: Reward,
    estimators: Mapping[str, Rule],
    num_draws: int = 4096,
    num_samples: int = 2,
    component: int = 0,
    seed: int = 1,
) -> State:
    """Run all estimators on one expectation and compare them with its exact gradient.

    All see the same number of samples per gradient, in batches of 128 copies of q. An estimator
    with a memory (a running mean) first sees 8 batches that are not counted. The caller's random
    state is left alone.

    Args:
        q: Maps parameters `[B, *shape]` to a discrete distribution with batch shape `[B]`.
        parameters: Of one datapoint, `[*shape]`; float64 is advised.
        f: Maps z `[S, B, *event]` to `[S, B]`, for any B.
        estimators: Name → estimator, with the contract of `vilib.estimators`.
        num_draws: Gradients per estimator.
        num_samples: Samples per gradient, S.
        component: Which entry of the flattened gradient is followed.
        seed: Each estimator starts from it.

    Raises:
        ValueError: Fewer than 16 draws, or the support cannot be enumerated.

    Example: the score function on one coin, E[z] = sigmoid(0), whose derivative is 1/4.
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import ScoreFunction
        >>> coin = lambda logits: Bernoulli(logits=logits)
        >>> end = race(coin, torch.tensor(0.0).double(), lambda z: z, {"plain": ScoreFunction()})
        >>> end.exact, bool(abs(end.bias[0]) < 5)
        (0.25, True)
    """
    if num_draws < 16:
        raise ValueError(f"a race needs at least 16 draws, got {num_draws}")
    one = parameters.detach().clone().requires_grad_()
    truth = exact.gradient(q(one[None]), f, [one])[0].reshape(-1)[component].item()
    counts = np.unique(np.geomspace(8, num_draws, 61).astype(int))
    rows = []
    for estimator in estimators.values():
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            g = draw_gradients(q, one.detach(), f, estimator, num_draws, num_samples)
        rows.append(g[:, component].double().cpu().numpy())
    draws = np.array(rows)  # [E, N]
    means = draws.cumsum(1)[:, counts - 1] / counts
    return State(tuple(estimators), counts, means, draws.std(1, ddof=1), truth)


def draw_gradients(
    q: Callable[[Tensor], Distribution],
    parameters: Tensor,
    f: Reward,
    estimator: Rule,
    num_draws: int,
    num_samples: int,
) -> Tensor:
    """`num_draws` gradients of one datapoint, `[num_draws, P]`."""
    batches = []
    for _ in range(WARM_UP + -(-num_draws // BATCH)):
        copies = parameters.expand(BATCH, *parameters.shape).clone().requires_grad_()
        surrogate = estimator(q(copies), f, num_samples=num_samples)
        batches.append(torch.autograd.grad(surrogate.sum(), copies)[0].reshape(BATCH, -1))
    return torch.cat(batches[WARM_UP:])[:num_draws]
