"""The ELBO with a weight on its rate, and schedules for the weight."""

from __future__ import annotations

from torch import Tensor

__all__ = ["beta_constant", "beta_cyclical", "beta_elbo", "beta_linear"]


def beta_elbo(rate: Tensor, distortion: Tensor, beta: float) -> Tensor:
    """-distortion - β rate per datapoint, in nats; higher is better.

    β = 1 is the ELBO, β > 1 a lower bound still below it. With β < 1 it is no bound on log p(x):
    report the ELBO (β = 1), whatever was maximised. At β = 0 the rate plays no part, even infinite.

    Args:
        rate: KL(q(z | x) ‖ p(z)), `[B]`.
        distortion: -E_q[log p(x | z)], `[B]`.
        beta: β ≥ 0.

    Returns:
        The weighted ELBO, `[B]`.

    Raises:
        ValueError: β is negative, or rate and distortion differ in shape.

    Source: I. Higgins, L. Matthey, A. Pal, C. Burgess, X. Glorot, M. Botvinick, S. Mohamed and
        A. Lerchner, 2017, beta-VAE: Learning Basic Visual Concepts with a Constrained Variational
        Framework, https://openreview.net/forum?id=Sy2fzU9gl

    Example:
        >>> import torch
        >>> beta_elbo(rate=torch.tensor([2.0]), distortion=torch.tensor([70.0]), beta=4.0)
        tensor([-78.])
    """
    if beta < 0:
        raise ValueError(f"beta is {beta}, expected 0 or more")
    if rate.shape != distortion.shape:
        shapes = f"{list(rate.shape)} and {list(distortion.shape)}"
        raise ValueError(f"rate and distortion must have the same shape [B], got {shapes}")
    return -distortion - beta * rate if beta else -distortion


def beta_constant(step: int, beta: float = 1.0) -> float:
    """The same β at every step.

    Args:
        step: Steps taken so far, from 0; it plays no part.
        beta: β.

    Returns:
        β.

    Example:
        >>> [beta_constant(step, 4.0) for step in range(3)]
        [4.0, 4.0, 4.0]
    """
    return beta


def beta_linear(step: int, num_steps: int, start: float = 0.0, end: float = 1.0) -> float:
    """β goes from `start` to `end` in a straight line, and stays there.

        β = start + (end - start) · step / num_steps  while step < num_steps, then end

    Args:
        step: Steps taken so far, from 0.
        num_steps: Steps until β is `end`; 0 for at once.
        start: β at step 0.
        end: β at `num_steps` and after.

    Returns:
        β at this step.

    Raises:
        ValueError: A negative number of steps.

    Source: S. R. Bowman, L. Vilnis, O. Vinyals, A. M. Dai, R. Jozefowicz and S. Bengio, 2016,
        Generating Sentences from a Continuous Space, https://arxiv.org/abs/1511.06349

    Example:
        >>> [beta_linear(step, num_steps=4) for step in range(6)]
        [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    if step < 0 or num_steps < 0:
        raise ValueError(f"step {step} of {num_steps}: expected 0 or more")
    return end if step >= num_steps else start + (end - start) * step / num_steps


def beta_cyclical(
    step: int, num_steps: int, num_cycles: int = 4, ramp: float = 0.5, end: float = 1.0
) -> float:
    """β rises from 0 several times: in each cycle a straight line, then `end` until the cycle ends.

        β = end · min(1, τ / R),  τ = (step mod ⌈T / M⌉) / (T / M)

    with T = num_steps, M = num_cycles, R = ramp. Each cycle starts from the codes that the one
    before has learned. After T steps β is `end`.

    Args:
        step: Steps taken so far, from 0 (the paper's t - 1).
        num_steps: T.
        num_cycles: M.
        ramp: R, the share of a cycle in which β rises, in (0, 1].
        end: β at the top.

    Returns:
        β at this step.

    Raises:
        ValueError: A negative step, less than one step or cycle, or R outside (0, 1].

    Source: H. Fu, C. Li, X. Liu, J. Gao, A. Celikyilmaz and L. Carin, 2019, Cyclical Annealing
        Schedule: A Simple Approach to Mitigating KL Vanishing, https://arxiv.org/abs/1903.10145

    Example: two cycles of four steps.
        >>> [beta_cyclical(step, num_steps=8, num_cycles=2) for step in range(8)]
        [0.0, 0.5, 1.0, 1.0, 0.0, 0.5, 1.0, 1.0]
    """
    if step < 0 or num_steps < 1 or num_cycles < 1:
        raise ValueError(f"step {step} of {num_steps} in {num_cycles} cycles: expected 0, 1, 1 up")
    if not 0 < ramp <= 1:
        raise ValueError(f"ramp is {ramp}, expected a share in (0, 1]")
    if step >= num_steps:
        return end
    length = -(-num_steps // num_cycles)  # ⌈T / M⌉
    position = (step % length) * num_cycles / num_steps
    return end * min(1.0, position / ramp)
