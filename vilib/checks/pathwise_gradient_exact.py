"""The pathwise gradient of an expectation, by hand."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import agree, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import same_again
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
        given = slope, mean.clone(), log_sd.clone(), noise
        found = two_results(BOTH, pathwise_gradient(*given))
        same_again(MEAN, found[0], pathwise_gradient(*given)[0])
        judge(slope, mean, log_sd, noise, found)
    exact = A @ (mean - b), A.diagonal() * (2 * log_sd).exp()
    for what, yours, truth in zip((MEAN, LOG_SD), found, exact):
        expect(f"{what} of a quadratic", yours, truth)
    passed("on noise with mean 0 and covariance I it is the exact gradient of the quadratic")
    noise = draw(2000, D)
    found = two_results(BOTH, pathwise_gradient(slope, mean.clone(), log_sd.clone(), noise))
    # how far a sample's gradient strays, worked out here: a learner's function gives means only
    path = log_sd.exp() * noise
    g = slope(mean + path)
    for what, yours, truth, each in zip((MEAN, LOG_SD), found, exact, (g, g * path)):
        near(what, torch.as_tensor(yours), truth, each.std(0) / len(noise) ** 0.5)
    passed("on 2,000 random noises it is right within 7 standard errors")


def near(what: str, yours: Tensor, truth: Tensor, error: Tensor) -> None:
    """An estimate must be within 7 standard errors of the truth."""
    worst = float(((yours.detach() - truth).abs() / error).max())
    if not worst <= 7:
        said = f"on random noise it is {worst:.0f} standard errors from the truth"
        raise Mistake(what, said, yours=yours, expected=truth)


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
    swapped = [isinstance(f, Tensor) and agree(f, t) for f, t in zip(found, truth[::-1])]
    if all(swapped):
        raise Mistake(BOTH, "the two are exchanged: the gradient in the mean comes first")
    expect(MEAN, found[0], truth[0], mean_mistakes(slope, mean, log_sd, noise))
    expect(
        LOG_SD,
        found[1],
        truth[1],
        {
            "σ is missing: dz/d log σ = σ ε": (g * noise).mean(0),
            "the noise is missing: dz/d log σ = σ ε": (g * sd).mean(0),
            "z stands where dz/d log σ belongs, which is σ ε": (g * (mean + sd * noise)).mean(0),
            "log σ stands where σ belongs: dz/d log σ = σ ε": (g * log_sd * noise).mean(0),
            "it is averaged over dimensions, too": (g * sd * noise).mean(),
            "one gradient per sample came back: average over samples": g * sd * noise,
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
        "one gradient per sample came back: average over samples": g,
        "σ² multiplies the noise; z = μ + σ ε": slope(mean + sd**2 * noise).mean(0),
        "the noise multiplies it: dz/dμ is 1": (g * noise).mean(0),
        "dz/dμ is 1, and something multiplies the slope: σ": (g * sd).mean(0),
        "this is the score function with the slope in place of f": (g * noise / sd).mean(0),
        "it is averaged over dimensions, too": g.mean(),
    }
