"""The density of the Concrete distribution on the simplex."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.dice import draw_dice
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import in_float32

__all__ = ["concrete_density_is_exact"]

Density = Callable[[Tensor, Tensor, float], Tensor]
# in units of the noise, around the logits: beyond e^-18 there is no mass to speak of
REACH, CELLS = 18.0, 73


@careful
def concrete_density_is_exact(
    concrete_log_density: Density, *, seed: int, temperature: float = 0.7, num_faces: int = 4
) -> None:
    """The log density equals the one that a change of variables gives, and its mass is 1.

    The truth comes from the noise: differences of Gumbel variables have a known density, and s is
    a function of them.

    Args:
        concrete_log_density: Maps s `[S, B, K]`, logits `[B, K]` and τ to log p(s) `[S, B]`, with
            respect to the first K − 1 entries of s.
        seed: Draws logits and rows.
        temperature: τ.
        num_faces: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> from torch.distributions import RelaxedOneHotCategorical
        >>> def by_torch(s, logits, temperature):
        ...     q = RelaxedOneHotCategorical(torch.tensor(temperature), logits=logits)
        ...     return q.log_prob(s)
        >>> concrete_density_is_exact(by_torch, seed=1)
        ✓ the log density of 15 soft rows, K = 4, τ = 0.7
        ✓ the mass of the triangle is 1.0000
    """
    logits, noise = draw_dice(seed, faces=num_faces)
    # rows of another temperature, so that none lies in a corner
    s = ((logits + noise) / 2.5).softmax(-1)
    yours = concrete_log_density(s, logits, temperature)
    truth = by_differences(s, logits, temperature)
    # in float32: a temperature that was made a tensor has no more digits
    expect("the log density", yours, truth.float(), in_float32(mistakes(s, logits, temperature)))
    passed(f"the log density of {truth.numel()} soft rows, K = {num_faces}, τ = {temperature}")
    triangle = draw_dice(seed, batch=1, faces=3).logits
    mass = mass_of(concrete_log_density, triangle, temperature)
    if abs(mass - 1) > 1e-4:
        raise Mistake("the mass of the triangle", "it is not 1", yours=mass, expected=1.0)
    passed(f"the mass of the triangle is {mass:.4f}")


def by_differences(s: Tensor, logits: Tensor, temperature: float) -> Tensor:
    """log p(s) by a change of variables, `[S, B]`.

    dₖ = εₖ − ε_K, k < K, has the density (K−1)! exp(−Σ dₖ) / (1 + Σ exp(−dₖ))ᴷ. Since
    dₖ = τ log(sₖ/s_K) − (aₖ − a_K), the Jacobian is τᴷ⁻¹ / Π s.
    """
    K = s.shape[-1]
    a = logits[..., :-1] - logits[..., -1:]
    d = temperature * (s[..., :-1].log() - s[..., -1:].log()) - a
    with_zero = torch.cat([torch.zeros_like(d[..., :1]), -d], -1)
    log_p = math.lgamma(K) - d.sum(-1) - K * with_zero.logsumexp(-1)
    return log_p + (K - 1) * math.log(temperature) - s.log().sum(-1)


def mass_of(concrete_log_density: Density, logits: Tensor, temperature: float) -> float:
    """∫ p(s) ds over the triangle, as a sum over log(s₁/s₃) and log(s₂/s₃)."""
    line = torch.linspace(-REACH, REACH, CELLS).double() / temperature
    middle = (logits[0] - logits[0, 2]) / temperature
    y = torch.cat([torch.cartesian_prod(line, line), torch.zeros(CELLS**2, 1).double()], -1)
    log_s = (y + middle).log_softmax(-1)[:, None]  # [N, 1, 3]
    log_p = concrete_log_density(log_s.exp(), logits, temperature)
    log_p = as_value("the log density", log_p, log_s.sum(-1)).detach().double()
    if log_p.shape != (len(y), 1):
        shape = tuple(log_p.shape)
        raise Mistake("the log density", f"its shape is {shape}, not {(len(y), 1)}")
    # ds₁ ds₂ = s₁ s₂ s₃ dy₁ dy₂
    return ((log_p + log_s.sum(-1)).exp().sum() * (line[1] - line[0]) ** 2).item()


def by_exponents(logits: Tensor, log_s: Tensor, t: float, above: float, below: float) -> Tensor:
    """The formula with other exponents of s in the product and in the sum, `[S, B]`."""
    K = log_s.shape[-1]
    product = (logits + above * log_s).sum(-1)
    constant = math.lgamma(K) + (K - 1) * math.log(t)
    return constant + product - K * (logits + below * log_s).logsumexp(-1)


def constant_mistakes(right: Tensor, K: int, t: float) -> dict[str, Tensor]:
    """What each known mistake in the factor (K − 1)! τ^(K−1) gives."""
    factorial, powers = math.lgamma(K), (K - 1) * math.log(t)
    return {
        "the factorial (K − 1)! is missing": right - factorial,
        "K! stands where (K − 1)! belongs": right + math.log(K),
        "the factor τ^(K−1) is missing": right - powers,
        "τ^K stands where τ^(K−1) belongs": right + math.log(t),
        "the factorial and τ^(K−1) are both missing": right - factorial - powers,
        "Γ(K) is (K − 1)!; here stands Γ(K − 1)": right - factorial + math.lgamma(K - 1),
        "log(K − 1) stands where log (K − 1)! belongs": right - factorial + math.log(K - 1),
    }


def mistakes(s: Tensor, logits: Tensor, temperature: float) -> dict[str, Tensor]:
    """What each known mistake gives."""
    K, log_s, t = s.shape[-1], s.log(), temperature
    right, pull = by_differences(s, logits, t), logits - t * log_s  # [S, B], [S, B, K]
    pooled = pull.logsumexp(-1)
    return constant_mistakes(right, K, t) | {
        "1/s is missing: −τ stands where −(τ + 1) belongs, a density of log s": right
        + log_s.sum(-1),
        "the logits are missing from the product": right - logits.sum(-1),
        "the power K of the sum is missing": right + (K - 1) * pooled,
        "the sum is a sum of logarithms; take the logarithm of the sum": right
        + K * (pooled - pull.sum(-1)),
        "the denominator is missing": right + K * pooled,
        "the denominator multiplies; it divides": right + 2 * K * pooled,
        "the temperature is inverted": by_differences(s, logits, 1 / t),
        "s has the exponent 1 − τ in the product; it is −τ − 1": right + 2 * log_s.sum(-1),
        "s has the exponent −τ − 1 in the sum too; there it is −τ": (
            right + K * (pooled - (pull - log_s).logsumexp(-1))
        ),
        "s has the exponent τ; it is −τ": by_exponents(logits, log_s, t, t - 1, t),
        "the temperature multiplies the logits too": (
            by_exponents(t * logits, log_s, t, -t - 1, -t)
        ),
        "the product is averaged over faces; its logarithm is a sum": (
            right - (1 - 1 / K) * (pull - log_s).sum(-1)
        ),
        "the sum has the power K − 1; it is K": right + pooled,
        "the logits are missing from the sum": right + K * (pooled - (-t * log_s).logsumexp(-1)),
        "it is a density; its logarithm is asked for": right.exp(),
        "it has the wrong sign": -right,
        "it is summed over the batch; one value per row is asked for": right.sum(-1),
        "it is the log mass of a hard roll, Σ s log q": (s * logits.log_softmax(-1)).sum(-1),
        "it is not summed over faces": math.lgamma(K)
        + (K - 1) * math.log(t)
        + logits
        - (t + 1) * log_s
        - K * pooled[..., None],
    }
