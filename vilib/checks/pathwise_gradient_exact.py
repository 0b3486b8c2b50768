"""The pathwise gradient of an expectation, by hand."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import expect, expect_mean
from vilib.checks.mistake import passed
from vilib.checks.pair import two_results

__all__ = ["pathwise_gradient_is_exact"]

Slope = Callable[[Tensor], Tensor]
PathwiseGradient = Callable[[Slope, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
BOTH = "(gradient in the mean, gradient in the log sd)"
MEAN, LOG_SD = "the gradient in the mean", "the gradient in the log sd"


@careful
def pathwise_gradient_is_exact(
    pathwise_gradient: PathwiseGradient, *, seed: int, num_dimensions: int = 3
) -> None:
    """∇ E_q[f(z)] for a quadratic f: exact on balanced noise, and on average on random noise.

    f(z) = ½ (z - b)ᵀ A (z - b) under N(μ, diag σ²) has E[f] = f(μ) + ½ ∑_d A_dd σ_d², so its
    gradient is A (μ - b) in μ and A_dd σ_d² in log σ_d. Noise with mean 0 and covariance I gives
    exactly that.

    Args:
        pathwise_gradient: Slope of f (maps `[S, D]` to `[S, D]`), mean `[D]`, log sd `[D]`, noise
            `[S, D]` → (gradient in the mean `[D]`, in the log sd `[D]`).
        seed: Draws the quadratic, q and the noise.
        num_dimensions: D, at least 2.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def at_the_mean(slope, mean, log_sd, noise):
        ...     return slope(mean[None])[0], 0 * mean
        >>> pathwise_gradient_is_exact(at_the_mean, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... the slope is taken at the mean, not at the samples...
    """
    generator = torch.Generator().manual_seed(seed)
    D = num_dimensions

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.double)

    root, b, mean, log_sd = draw(D, D), draw(D), draw(D) + 2, 0.3 * draw(D) + 0.5
    A = root @ root.T + torch.eye(D, dtype=torch.double)

    def slope(z: Tensor) -> Tensor:
        return (z - b) @ A

    for noise in (draw(4, D) + 0.3, balanced(D)):
        found = two_results(BOTH, pathwise_gradient(slope, mean.clone(), log_sd.clone(), noise))
        judge(slope, mean, log_sd, noise, found)
    exact = A @ (mean - b), A.diagonal() * (2 * log_sd).exp()
    for what, yours, truth in zip((MEAN, LOG_SD), found, exact):
        expect(f"{what} of a quadratic", yours, truth)
    passed("on noise with mean 0 and covariance I it is the exact gradient of the quadratic")
    runs = [pathwise_gradient(slope, mean.clone(), log_sd.clone(), draw(2, D)) for _ in range(200)]
    for what, column, truth in zip((MEAN, LOG_SD), zip(*runs), exact):
        expect_mean(what, torch.stack([torch.as_tensor(g) for g in column]), truth, z=6.0)
    passed("on random noise it is right on average, within 6 standard errors")


def balanced(D: int) -> Tensor:
    """2D noises ±√D e_d: their mean is 0 and their covariance I, exactly."""
    points = D**0.5 * torch.eye(D, dtype=torch.double)
    return torch.cat([points, -points])


def judge(
    slope: Slope, mean: Tensor, log_sd: Tensor, noise: Tensor, found: tuple[object, object]
) -> None:
    """Compare with autograd through z = μ + σ ε, at the noise that was given."""
    m, a = mean.clone().requires_grad_(), log_sd.clone().requires_grad_()
    z = m + a.exp() * noise
    path = (z * slope(z.detach())).sum(-1).mean()
    truth = torch.autograd.grad(path, (m, a))
    sd = log_sd.exp()
    g = slope(mean + sd * noise)
    expect(MEAN, found[0], truth[0], mean_mistakes(slope, mean, log_sd, noise))
    expect(
        LOG_SD,
        found[1],
        truth[1],
        {
            "σ is missing: dz/d log σ = σ ε": (g * noise).mean(0),
            "the noise is missing: dz/d log σ = σ ε": (g * sd).mean(0),
            "it is the gradient in σ ε, not in log σ": g.mean(0),
            "the log sd is taken for a log variance": (0.5 * g * sd * noise).mean(0),
            "σ² is used where σ belongs": (g * sd**2 * noise).mean(0),
            "the mean of the product is replaced by the product of the means": (
                g.mean(0) * sd * noise.mean(0)
            ),
            "the samples are summed, not averaged": (g * sd * noise).sum(0),
            "the sign is flipped": -(g * sd * noise).mean(0),
        },
    )


def mean_mistakes(
    slope: Slope, mean: Tensor, log_sd: Tensor, noise: Tensor
) -> dict[str, Tensor | Callable[[], Tensor]]:
    """What each known mistake gives for the gradient in the mean, `[D]`."""
    sd = log_sd.exp()
    z = mean + sd * noise
    g = slope(z)
    return {
        "the slope is taken at the mean, not at the samples": slope(mean[None])[0],
        "the slope is taken at the noise, not at the samples": slope(noise).mean(0),
        "the log sd is taken for the standard deviation": slope(mean + log_sd * noise).mean(0),
        "the log sd is taken for a log variance": slope(mean + (log_sd / 2).exp() * noise).mean(0),
        "the samples are summed, not averaged": g.sum(0),
        "the sign is flipped": -g.mean(0),
        "dz/dμ is 1, and something multiplies the slope: σ": (g * sd).mean(0),
        "this is the score function with the slope in place of f": (g * noise / sd).mean(0),
        "it is averaged over dimensions, too": g.mean(),
    }
