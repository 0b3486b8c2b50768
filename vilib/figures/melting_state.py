"""What the melting dice show: rolls at a temperature, and what their gradients are worth there.

A die with K = 3 faces, z ~ Categorical(softmax(a)), and a function f of the one-hot row. Everything
is rolled once, with the same noise at every temperature; a state is a place in this record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from vilib import exact
from vilib.estimators.relaxation import OneHotRelaxation

__all__ = ["KINDS", "TEMPERATURES", "Kind", "State", "roll"]

Kind = Literal["soft", "straight-through"]
KINDS: tuple[Kind, ...] = ("soft", "straight-through")
# geometric, and .1, .5 and 1 are among them
TEMPERATURES = (0.05, 0.07, 0.1, 0.14, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0, 5.0)
CLOUD = 400
# a bias that is no longer than this many times its noise is not told from none
DETECTED = 3.0


@dataclass(frozen=True, eq=False)
class State:
    """One position of the controls. Axes: T temperatures, M points of the cloud, two kinds.

    Attributes:
        probs: q(z = k), `[K]`.
        keys: a + ε of the rolls in the cloud, `[M, K]`.
        temperatures: τ, rising, `[T]`.
        squared_bias: ‖E[g] − ∇‖² / ‖∇‖² of either kind, its own noise taken off, `[2, T]`.
        noise: The noise that was taken off: what it is for an unbiased g, `[2, T]`.
        variance: Var[g] / ‖∇‖² of one roll, summed over entries, `[2, T]`.
        num_draws: Rolls behind these numbers.
        step: Index of the temperature.
        kind: `soft`, or `straight-through`: hard forwards, soft backwards.
        num_samples: S, rolls per gradient.
        names: What the faces are called.
    """

    probs: np.ndarray
    keys: np.ndarray
    temperatures: np.ndarray
    squared_bias: np.ndarray
    noise: np.ndarray
    variance: np.ndarray
    num_draws: int
    step: int = 7
    kind: Kind = "soft"
    num_samples: int = 1
    names: tuple[str, ...] = ("face 1", "face 2", "face 3")

    def __post_init__(self) -> None:
        """Refuse what no control can give."""
        T = len(self.temperatures)
        if not 0 <= self.step < T:
            raise ValueError(f"step must be an index of the {T} temperatures, got {self.step}")
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}")
        if self.num_samples < 1:
            raise ValueError(f"at least one sample, got {self.num_samples}")

    @property
    def temperature(self) -> float:
        """τ."""
        return float(self.temperatures[self.step])

    @property
    def row(self) -> int:
        """Index of the kind."""
        return KINDS.index(self.kind)

    @property
    def bias(self) -> np.ndarray:
        """Squared bias at every temperature, 0 where it is not told from none, `[T]`."""
        found = self.squared_bias[self.row]
        return np.where(found > DETECTED**2 * self.noise[self.row], found, 0.0)

    @property
    def spread(self) -> np.ndarray:
        """Variance of the mean of S rolls at every temperature, `[T]`."""
        return self.variance[self.row] / self.num_samples

    @property
    def error(self) -> np.ndarray:
        """Mean squared error at every temperature, `[T]`."""
        return self.bias + self.spread

    @property
    def best(self) -> int:
        """Index of the temperature with the lowest error."""
        return int(self.error.argmin())

    @property
    def cloud(self) -> np.ndarray:
        """The soft rolls softmax((a + ε) / τ), rows on the simplex, `[M, K]`."""
        scaled = self.keys / self.temperature
        weights = np.exp(scaled - scaled.max(1, keepdims=True))
        return weights / weights.sum(1, keepdims=True)


def roll(
    logits: Tensor,
    f: Callable[[Tensor], Tensor],
    num_draws: int = 2**15,
    seed: int = 1,
    names: Sequence[str] = State.names,
) -> State:
    """Roll a die with three faces many times, and take the gradient of f at every temperature.

    Args:
        logits: a, `[3]`; float64 is advised.
        f: Maps rows `[N, 3]` to `[N]`, differentiable also between the corners.
        num_draws: How many rolls.
        seed: Of the noise; the caller's random state is left alone.
        names: What the three faces are called.

    Returns:
        The state at τ = 0.5, one soft roll a gradient.

    Raises:
        ValueError: The die has not three faces, or f does not depend on the face.

    Example:
        >>> state = roll(torch.tensor([1.0, 0.0, -1.0]).double(), lambda z: z[:, 0] ** 2, 2000)
        >>> state.cloud.shape, bool(state.variance[0, 0] > state.variance[0, -1])
        ((400, 3), True)
    """
    if logits.shape != (3,):
        raise ValueError(f"three faces make a triangle, got logits of shape {list(logits.shape)}")
    a = logits.detach().clone().requires_grad_()
    (truth,) = exact.gradient(torch.distributions.OneHotCategorical(logits=a[None]), rows(f), [a])
    size = truth.square().sum()
    if not size > 0:
        raise ValueError("the gradient is 0: f does not depend on the face")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        noise = OneHotRelaxation(logits.detach()).noise(num_draws)  # [N, K]
    table = [[moments(logits, noise, f, t, kind) for t in TEMPERATURES] for kind in KINDS]
    mean, variance = torch.stack([torch.stack(row) for row in table]).unbind(-2)  # [2, T, K]
    chance = variance.sum(-1) / num_draws
    return State(
        probs=logits.softmax(-1).numpy(),
        keys=(logits + noise)[:CLOUD].numpy(),
        temperatures=np.array(TEMPERATURES),
        squared_bias=(((mean - truth).square().sum(-1) - chance) / size).numpy(),
        noise=(chance / size).numpy(),
        variance=(variance.sum(-1) / size).numpy(),
        num_draws=num_draws,
        names=tuple(names),
    )


def rows(f: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """f on `[N, B, K]`, as `vilib.exact` wants it."""
    return lambda z: f(z.flatten(0, -2)).reshape(z.shape[:-1])


def moments(
    logits: Tensor, noise: Tensor, f: Callable[[Tensor], Tensor], temperature: float, kind: Kind
) -> Tensor:
    """Mean and variance of one roll's gradient in the logits, `[2, K]`."""
    a = logits.detach().expand(noise.shape).clone().requires_grad_()
    relaxation = OneHotRelaxation(a)
    z = a + noise
    s = relaxation.soft(z, temperature)
    value = s if kind == "soft" else relaxation.hard(z) + (s - s.detach())
    (g,) = torch.autograd.grad(f(value).sum(), a)
    return torch.stack([g.mean(0), g.var(0)])
