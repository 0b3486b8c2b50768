"""Gaussians fitted to a density on a grid: the truth of `kl_fit_is_optimal`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Normal

__all__ = ["best_reverse", "draw_modes", "kl_on_grid", "moments"]


def draw_modes(seed: int, num_modes: int) -> tuple[Tensor, Tensor]:
    """A grid `[N]` and the log of each weighted mode of a mixture of Gaussians on it, `[M, N]`.

    Args:
        seed: Draws places, widths and which mode is the heavier.
        num_modes: M, 1 or 2.
    """
    generator = torch.Generator().manual_seed(seed)
    z = torch.linspace(-8, 8, 161, dtype=torch.double)
    jitter = torch.rand(3, 2, 1, generator=generator, dtype=torch.double)
    mean = torch.tensor([[-2.6], [2.0]], dtype=torch.double) + 0.6 * jitter[0]
    sd = 0.5 + 0.3 * jitter[1]
    heavy = 0.6 + 0.1 * jitter[2, 0]
    weight = torch.stack([heavy, 1 - heavy])[torch.randperm(2, generator=generator)]
    log_modes = weight.log() - sd.log() - 0.5 * ((z - mean) / sd) ** 2
    return z, log_modes[:num_modes]


def kl_on_grid(fit: Tensor, z: Tensor, log_p: Tensor, direction: str) -> Tensor:
    """KL(q‖p) ("reverse") or KL(p‖q) ("forward") of Gaussians q on the grid, `[...]`.

    The side that is averaged over is normalised on the grid; inside the logarithm a forward q keeps
    its mass beyond the ends, so that the moments of p are its exact optimum.

    Args:
        fit: Mean and standard deviation, `[2, ...]`.
        z: Equally spaced, `[N]`.
        log_p: Log density up to a constant, `[N]`.
        direction: "reverse" or "forward".

    Example: the KL of a Gaussian to itself.
        >>> z = torch.linspace(-8, 8, 201, dtype=torch.double)
        >>> fit = torch.tensor([0.0, 1.0], dtype=torch.double)
        >>> bool(kl_on_grid(fit, z, -0.5 * z**2, "reverse").abs() < 1e-9)
        True
    """
    mean, sd = fit[..., None]
    log_p = log_p.log_softmax(-1)
    log_q = Normal(mean, sd).log_prob(z) + (z[1] - z[0]).log()
    if direction == "reverse":
        log_q = log_q.log_softmax(-1)
        return (log_q.exp() * (log_q - log_p)).sum(-1)
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def moments(z: Tensor, log_p: Tensor) -> Tensor:
    """Mean and standard deviation of p on the grid, `[2]`: the optimum of KL(p‖q)."""
    p = log_p.softmax(-1)
    mean = (p * z).sum()
    return torch.stack([mean, (p * (z - mean) ** 2).sum().sqrt()])


def best_reverse(z: Tensor, log_p: Tensor, zooms: int = 4, size: int = 31) -> Tensor:
    """Mean and standard deviation with the smallest KL(q‖p), `[2]`, by a search that zooms in."""
    mean, log_sd = torch.zeros((), dtype=z.dtype), torch.zeros((), dtype=z.dtype)
    width, log_width = 4.0, 1.6
    for _ in range(zooms):
        steps = torch.linspace(-1, 1, size, dtype=z.dtype)
        means, log_sds = mean + width * steps, log_sd + log_width * steps
        fit = torch.stack(torch.meshgrid(means, log_sds.exp(), indexing="ij"))  # [2, M, M]
        i, j = divmod(int(kl_on_grid(fit, z, log_p, "reverse").argmin()), size)
        mean, log_sd = means[i], log_sds[j]
        width, log_width = width / 8, log_width / 8
    return torch.stack([mean, log_sd.exp()])
