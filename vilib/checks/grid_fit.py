"""Gaussians fitted to a density on a grid: the truth of `kl_fit_is_optimal`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Normal

__all__ = ["best_reverse", "best_spread", "draw_target", "kl_on_grid", "moments"]


def draw_target(seed: int, target: str) -> tuple[Tensor, Tensor]:
    """A grid `[N]` and the log of each weighted mode of a density on it, `[M, N]`.

    The grid is not centred at 0, and its length differs from seed to seed.

    Args:
        seed: Draws places, widths, on which side of 0 all lies, and the grid.
        target: "gaussian"; "bimodal", two Gaussians far apart; or "skewed", the density of the
            logarithm of a Gamma variable, its long tail on either side.

    Raises:
        KeyError: Another target.

    Example:
        >>> z, modes = draw_target(1, "bimodal")
        >>> len(z) == modes.shape[1], len(modes)
        (True, 2)
    """
    generator = torch.Generator().manual_seed(seed)
    jitter = torch.rand(3, 2, 1, generator=generator, dtype=torch.double)
    right, more = torch.randint(0, 2, (2,), generator=generator).tolist()
    size = 81 + 10 * more
    z = torch.linspace(-6.5, 6.5, size, dtype=torch.double)
    shift = (1 if right else -1) * (1 + torch.rand((), generator=generator, dtype=torch.double))
    log_modes = {"gaussian": gaussians, "bimodal": gaussians, "skewed": log_gamma}[target](
        z, jitter, not right
    )
    return z + shift, log_modes[:1] if target == "gaussian" else log_modes


def gaussians(z: Tensor, jitter: Tensor, heavy_first: bool) -> Tensor:
    """Two weighted Gaussians on the grid, `[2, N]`.

    The heavier one is so broad that its peak is the lower one, and lies on the far side of 0: who
    climbs from the highest place or from 0 ends on the lesser hill.
    """
    mean = torch.tensor([[-2.9], [2.3]], dtype=torch.double) + 0.4 * jitter[0]
    heavy = 0.59 + 0.03 * jitter[2, 0]
    weight, sd = torch.stack([heavy, 1 - heavy]), torch.tensor([[0.95], [0.5]]).double()
    sd = sd + torch.tensor([[0.1], [0.05]]) * jitter[1]
    if not heavy_first:
        weight, sd = weight.flip(0), sd.flip(0)
    return weight.log() - sd.log() - 0.5 * ((z - mean) / sd) ** 2


def log_gamma(z: Tensor, jitter: Tensor, long_left: bool) -> Tensor:
    """log p = a u − exp u with u = ± z, `[1, N]`: mode log a, and a tail like exp(a u)."""
    a = 0.9 + 0.3 * jitter[2, 0]
    u = z if long_left else -z
    return (a * u - u.exp())[None]


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


def best_reverse(z: Tensor, log_p: Tensor, zooms: int = 4, size: int = 17) -> Tensor:
    """Mean and standard deviation with the smallest KL(q‖p), `[2]`, by a search that zooms in."""
    mean, log_sd = z.mean(), torch.zeros((), dtype=z.dtype)
    width, log_width = 4.0, 1.6
    for _ in range(zooms):
        steps = torch.linspace(-1, 1, size, dtype=z.dtype)
        means, log_sds = mean + width * steps, log_sd + log_width * steps
        fit = torch.stack(torch.meshgrid(means, log_sds.exp(), indexing="ij"))  # [2, M, M]
        i, j = divmod(int(kl_on_grid(fit, z, log_p, "reverse").argmin()), size)
        mean, log_sd = means[i], log_sds[j]
        width, log_width = width / 8, log_width / 8
    return torch.stack([mean, log_sd.exp()])


def best_spread(z: Tensor, log_p: Tensor, mean: Tensor) -> Tensor:
    """`mean` and the standard deviation with the smallest KL(q‖p) among those centred there, `[2]`.

    Args:
        z: Equally spaced, `[N]`.
        log_p: Log density up to a constant, `[N]`.
        mean: Where q sits, `[]`.
    """
    sds = torch.linspace(0.2, 3, 113, dtype=z.dtype)
    fit = torch.stack([mean.expand_as(sds), sds])
    return fit[:, kl_on_grid(fit, z, log_p, "reverse").argmin()]
