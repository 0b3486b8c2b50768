"""Bias and variance of estimators in a trained model, beside its exact gradient."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.estimators import Enumeration, Estimator
from vilib.models.discrete_vae import MIDDLE, DiscreteVAE

__all__ = ["GradientReport", "exact_encoder_gradient", "gradient_report"]


class GradientReport(NamedTuple):
    """One estimator on one batch: the gradient of the mean ELBO in the encoder's parameters.

    Attributes:
        relative_bias: ‖mean − exact‖ / ‖exact‖, the noise of the mean included.
        noise: What `relative_bias` would be on average without any bias.
        variance: Of one estimate, summed over parameters.

    Example: told from noise at a glance.
        >>> GradientReport(relative_bias=1.3, noise=0.05, variance=0.1)._fields
        ('relative_bias', 'noise', 'variance')
    """

    relative_bias: float
    noise: float
    variance: float


def gradient_report(
    model: DiscreteVAE,
    x: Tensor,
    estimator: Estimator,
    exact: Tensor,
    *,
    seed: int,
    num_samples: int = 4,
    num_draws: int = 2000,
    copies: int = 50,
) -> GradientReport:
    """Draw many gradients and compare them with the exact one.

    Args:
        model: Trained; linear in its encoder.
        x: A batch, `[B, P]`.
        estimator: Of `vilib.estimators`; it is reset first.
        exact: Of `exact_encoder_gradient`, `[width, P + 1]`.
        seed: Of the samples; the caller's random state is left as it was.
        num_samples: S.
        num_draws: How many gradients.
        copies: How many of them in one backward pass.
    """
    estimator.reset()
    rows = []
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for _ in range(-(-num_draws // copies)):
            rows.append(encoder_gradients(model, x, estimator, num_samples, copies))
    draws = torch.cat(rows)[:num_draws]
    variance, size = draws.var(0).sum(), exact.norm()
    return GradientReport(
        relative_bias=((draws.mean(0) - exact).norm() / size).item(),
        noise=((variance / num_draws).sqrt() / size).item(),
        variance=variance.item(),
    )


def exact_encoder_gradient(model: DiscreteVAE, x: Tensor) -> Tensor:
    """The gradient by all codes, `[width, P + 1]`; guarded by `vilib.exact`."""
    return encoder_gradients(model, x, Enumeration(), num_samples=1, copies=1)[0]


def encoder_gradients(
    model: DiscreteVAE, x: Tensor, estimator: Estimator, num_samples: int, copies: int
) -> Tensor:
    """Independent estimates of the gradient of the mean ELBO in weights and bias.

    The encoder is linear, so the gradient in its parameters follows from those in the logits, and
    one backward pass gives as many estimates as there are copies of the batch.

    Returns:
        `[copies, width, P + 1]`; the bias comes last.
    """
    logits = model.encoder(x - MIDDLE).detach().repeat(copies, 1).requires_grad_()
    q, many = model.family(logits.unflatten(-1, model.event)), x.repeat(copies, 1)
    surrogate = estimator(q, lambda z: model.log_likelihood(many, z), num_samples) - model.rate(q)
    (g,) = torch.autograd.grad(surrogate.sum(), logits)
    features = torch.cat([x - MIDDLE, torch.ones_like(x[:, :1])], -1)  # [B, P + 1]
    g = g.unflatten(0, (copies, len(x)))  # [copies, B, width]
    return g.transpose(1, 2) @ features / len(x)
