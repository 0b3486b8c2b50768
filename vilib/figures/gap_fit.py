"""The gap meter's "fit it for me": the way from one q to the best q, in a few frames.

Reverse KL: gradient ascent on the exact ELBO. Forward KL: the best Gaussian has the mean and the
variance of p(z|x), so the way there is a walk.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor
from torch.distributions import Normal

from vilib import exact
from vilib.figures.gap_state import State, around, interval, log_evidence

__all__ = ["fit", "moments"]


LAST_STEPS = 60


def fit(state: State, num_frames: int = 16, steps_per_frame: int = 3) -> list[State]:
    """States on the way from `state` to the best Gaussian for its direction of the KL.

    With `reverse` no step lowers the ELBO, and a bimodal target shows which hill attracts this
    start. With `forward` the last state has the moments of p(z|x).

    Args:
        state: Where to start.
        num_frames: How many states to return.
        steps_per_frame: Gradient steps between two of them.

    Source: S. Amari, 1998, Natural Gradient Works Efficiently in Learning,
        https://doi.org/10.1162/089976698300017746

    Example:
        >>> from types import SimpleNamespace
        >>> bell = SimpleNamespace(name="bell", low=-9.0, high=9.0, log_joint=Normal(1, 2).log_prob)
        >>> best = fit(State(bell, mean=-1.0, scale=0.5))[-1]
        >>> print(f"{best.mean:.3f} {best.scale:.3f}")
        1.000 2.000
    """
    if state.direction == "forward":
        return walk(state, *moments(state), num_frames)
    frames = []
    for frame in range(num_frames):
        # what is left when the frames run out is too little to be seen
        for _ in range(steps_per_frame if frame < num_frames - 1 else LAST_STEPS):
            state = ascend(state)
        frames.append(state)
    return frames


def moments(state: State) -> tuple[float, float]:
    """Mean and standard deviation of p(z|x), by quadrature."""
    z, log_weights = interval(state.target.low, state.target.high)
    mass = (state.target.log_joint(z) - log_evidence(state.target) + log_weights).exp()
    mean = (mass * z).sum()
    return mean.item(), (mass * (z - mean) ** 2).sum().sqrt().item()


def walk(state: State, mean: float, scale: float, num_frames: int) -> list[State]:
    """Equal steps of the mean, and of the logarithm of the scale."""
    t = torch.linspace(0, 1, num_frames + 1, dtype=torch.double)[1:].tolist()
    ratio = scale / state.scale
    return [
        replace(state, mean=state.mean + s * (mean - state.mean), scale=state.scale * ratio**s)
        for s in t[:-1]
    ] + [replace(state, mean=mean, scale=scale)]


def ascend(state: State, rate: float = 0.25) -> State:
    """One step along the natural gradient of the exact ELBO, halved until it does not fall.

    The gradient is divided by the Fisher information of a Gaussian, 1/scale² for the mean and 2
    for log scale: otherwise a narrow q would overshoot and a wide one crawl.
    """
    here, slope_mean, slope_log_scale = elbo_and_slopes(state)
    for _ in range(30):
        new = replace(
            state,
            mean=state.mean + rate * state.scale**2 * slope_mean,
            scale=state.scale * math.exp(max(-1.0, min(1.0, rate * slope_log_scale / 2))),
        )
        if elbo(new) >= here:
            return new
        rate /= 2
    return state


def elbo_and_slopes(state: State) -> tuple[float, float, float]:
    """The exact ELBO, its derivatives by the mean and by log scale."""
    mean = torch.tensor(state.mean, dtype=torch.double, requires_grad=True)
    log_scale = torch.tensor(state.scale, dtype=torch.double).log().requires_grad_()
    value = exact_elbo(state, Normal(mean, log_scale.exp()))
    slopes = torch.autograd.grad(value, (mean, log_scale))
    return value.item(), *(s.item() for s in slopes)


def elbo(state: State) -> float:
    """The exact ELBO of one state."""
    return exact_elbo(state, state.posterior).item()


def exact_elbo(state: State, q: Normal) -> Tensor:
    """The ELBO of q on nodes that lie around it, `[]`."""
    return exact.elbo(q, state.target.log_joint, around(q))
