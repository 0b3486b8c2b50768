"""Fit q to one datapoint at a time, from where the encoder put it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Independent

from vilib.bounds.rate_distortion import closed_kl
from vilib.models.vae import gaussian

__all__ = ["refine"]


def refine(
    q: Independent,
    log_likelihood: Callable[[Tensor], Tensor],
    prior: Independent,
    num_steps: int = 200,
    num_samples: int = 16,
    learning_rate: float = 0.05,
) -> Independent:
    """Climb the ELBO in means and scales of every datapoint's own q; the model stays as it is.

        amortisation gap = ELBO(q refined) - ELBO(q of the encoder)

    What is left between the refined ELBO and log p(x) is the family's own: no diagonal Gaussian
    does better, if the climb has arrived. Draws come from torch's own generator, two of each pair
    mirrored at the mean, and the steps shrink to 0.

    Args:
        q: Where to start: independent Gaussians, batch shape `[B]`.
        log_likelihood: z ↦ log p(x | z); maps `[S, B, D]` to `[S, B]`.
        prior: p(z), batch shape `[]`.
        num_steps: Steps of Adam.
        num_samples: S of each step, an even number.
        learning_rate: Of the first step.

    Returns:
        The refined q, batch shape `[B]`, without gradients.

    Raises:
        ValueError: `num_samples` is odd or below 2.

    Source: C. Cremer, X. Li and D. Duvenaud, 2018, Inference Suboptimality in Variational
        Autoencoders, https://arxiv.org/abs/1801.03558

    Example: z ~ N(0, 1), x ~ N(z, 1), x = 2; the posterior is N(1, 1/2).
        >>> from torch.distributions import Normal
        >>> _ = torch.manual_seed(1)
        >>> x, prior = torch.tensor([2.0]), gaussian(torch.zeros(1), torch.ones(1))
        >>> start = gaussian(torch.zeros(1, 1), torch.ones(1, 1))
        >>> better = refine(start, lambda z: Normal(z[..., 0], 1.0).log_prob(x), prior)
        >>> f"{better.mean.item():.2f} {better.variance.item():.2f}"
        '1.00 0.50'
    """
    if num_samples < 2 or num_samples % 2:
        raise ValueError(f"num_samples is {num_samples}, expected an even number of 2 or more")
    mean = q.mean.detach().clone().requires_grad_()
    log_scale = q.stddev.detach().log().requires_grad_()
    optimiser = torch.optim.Adam([mean, log_scale], lr=learning_rate)
    for step in range(num_steps):
        optimiser.param_groups[0]["lr"] = learning_rate * (1 - step / num_steps)
        noise = torch.randn((num_samples // 2, *mean.shape), dtype=mean.dtype, device=mean.device)
        z = mean + log_scale.exp() * torch.cat([noise, -noise])
        rate = closed_kl(gaussian(mean, log_scale.exp()), prior)
        # datapoints do not meet: the gradient of the sum is each one's own
        nelbo = (rate - log_likelihood(z).mean(0)).sum()
        mean.grad, log_scale.grad = torch.autograd.grad(nelbo, (mean, log_scale))
        optimiser.step()
    return gaussian(mean.detach(), log_scale.detach().exp())
