"""The best linear VAE is probabilistic PCA."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["ppca_is_optimal"]

PPCA = Callable[[Tensor, int], tuple[Tensor, Tensor]]
BOTH, COVARIANCE = "(weight, noise variance)", "the model's covariance W Wᵀ + s² I"


@careful
def ppca_is_optimal(
    ppca: PPCA, *, seed: int, num_rows: int = 60, num_pixels: int = 5, num_latents: int = 2
) -> None:
    """The model's covariance against the best one, and its log-likelihood is stationary.

    W is determined up to a rotation of the latent space, so W Wᵀ + s² I is compared: the data's
    covariance with its P - D smallest eigenvalues replaced by their mean.

    Args:
        ppca: Data `[N, P]`, D → (weight `[P, D]`, noise variance s² `[]`).
        seed: Draws the data.
        num_rows: N.
        num_pixels: P.
        num_latents: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> ppca_is_optimal(lambda x, D: (x[:D].T, x.var()), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the noise variance s² is not right...
    """
    D = num_latents
    x = draw_data(seed, num_rows, num_pixels)
    weight, variance = shaped(two_results(BOTH, ppca(x.clone(), D)), (num_pixels, D))
    values, vectors = torch.linalg.eigh(covariance(x))  # ascending
    noise = values[:-D].mean()
    expect("the noise variance s²", variance, noise, noise_mistakes(x, D))
    if weight.shape != (num_pixels, D):
        shape = tuple(weight.shape)
        raise Mistake("the weight", f"its shape is {shape}, not {(num_pixels, D)}")
    best = values.clone()
    best[:-D] = noise
    model = weight @ weight.T + variance * torch.eye(num_pixels, dtype=weight.dtype)
    expect(COVARIANCE, model, rebuilt(vectors, best), weight_mistakes(values, vectors, noise, D))
    stationary(x, weight, torch.as_tensor(variance))
    passed("W Wᵀ + s² I is the best covariance, and log p(x) is stationary in W, b and s²")


def shaped(found: tuple[object, object], shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Both results as real tensors, in order, the weight not transposed."""
    filler = torch.zeros(shape, dtype=torch.double)
    weight, variance = (as_value(BOTH, each, filler) for each in found)
    if weight.is_complex() or variance.is_complex():
        raise Mistake(BOTH, "complex numbers came back: a covariance is symmetric, use eigh")
    if weight.shape == () and variance.shape == shape:
        raise Mistake(BOTH, "the two are exchanged: W comes first")
    if weight.shape == shape[::-1] != shape:
        raise Mistake("the weight", "it is transposed: its shape should be (pixels, latents)")
    return weight, variance


def draw_data(seed: int, num_rows: int, num_pixels: int) -> Tensor:
    """Correlated data with a mean that is not 0, `[N, P]`."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.double)

    spread = torch.linspace(0.5, 2.5, num_pixels, dtype=torch.double)
    mix = torch.linalg.qr(normal(num_pixels, num_pixels)).Q
    return (normal(num_rows, num_pixels) * spread) @ mix + 3 + normal(num_pixels)


def covariance(x: Tensor) -> Tensor:
    """The maximum-likelihood covariance, `[P, P]`: divided by N."""
    return torch.cov(x.T, correction=0)


def rebuilt(vectors: Tensor, values: Tensor) -> Tensor:
    """U diag(values) Uᵀ."""
    return (vectors * values) @ vectors.T


def stationary(x: Tensor, weight: Tensor, variance: Tensor) -> None:
    """The gradient of the mean log p(x) vanishes."""
    W, v = (t.detach().double().clone().requires_grad_() for t in (weight, variance))
    b = x.mean(0).requires_grad_()
    noise = v * torch.eye(len(W), dtype=torch.double)
    log_p = MultivariateNormal(b, W @ W.T + noise).log_prob(x).mean()
    worst = max(float(g.abs().max()) for g in torch.autograd.grad(log_p, (W, v, b)))
    if worst > (1e-3 if weight.dtype == torch.float32 else 1e-7):
        raise Mistake("log p(x) at your parameters", f"its gradient is {worst:.1e}, not 0")


def noise_mistakes(x: Tensor, D: int) -> Mistakes:
    """What each known mistake gives for the noise variance, `[]`."""
    values = torch.linalg.eigvalsh(covariance(x))
    N, P = x.shape
    uncentred = torch.linalg.eigvalsh(x.T @ x / N)
    return {
        "the covariance is divided by N − 1; the best one is divided by N": (
            values[:-D].mean() * N / (N - 1)
        ),
        "the covariance is not divided by N": values[:-D].mean() * N,
        "the data are not centred": uncentred[:-D].mean(),
        "the D smallest eigenvalues are kept, not the D largest": values[D:].mean(),
        "the discarded eigenvalues are summed: s² is their mean": values[:-D].sum(),
        "the discarded eigenvalues are divided by P: there are P − D of them": (
            values[:-D].sum() / P
        ),
        "all eigenvalues are averaged: only the P − D smallest are noise": values.mean(),
        "the smallest eigenvalue is taken: s² is the mean of the discarded ones": values[0],
        "it is the standard deviation s: the variance s² is asked for": values[:-D].mean().sqrt(),
        "singular values are averaged: eigenvalues are their squares, divided by N": (
            (values[:-D] * N).sqrt().mean()
        ),
        "standard deviations are averaged: average their squares, the eigenvalues": (
            values[:-D].sqrt().mean()
        ),
        "the covariance is that of the rows, N × N: transpose, torch.cov wants variables first": (
            lambda: torch.linalg.eigvalsh(torch.cov(x, correction=0))[:-D].mean()
        ),
        "correlations are used: the covariance keeps the pixels' own variances": (
            lambda: torch.linalg.eigvalsh(torch.corrcoef(x.T))[:-D].mean()
        ),
    }


def weight_mistakes(values: Tensor, vectors: Tensor, noise: Tensor, D: int) -> dict[str, Tensor]:
    """What each known mistake gives for W Wᵀ + s² I, `[P, P]`."""

    def with_top(top: Tensor) -> Tensor:
        changed = torch.full_like(values, float(noise))
        changed[-D:] += top
        return rebuilt(vectors, changed)

    def with_vectors(directions: Tensor) -> Tensor:
        scaled = directions * (values[-D:] - noise).sqrt()
        return scaled @ scaled.T + noise * torch.eye(len(values), dtype=values.dtype)

    top = values[-D:]
    smallest = torch.full_like(values, float(noise))
    smallest[:D] += (values[:D] - noise).abs()
    return {
        "s² is not taken off the eigenvalues: noise would be counted twice": with_top(top),
        "the eigenvectors are not scaled by √(ℓ − s²)": with_top(torch.ones_like(top)),
        "the eigenvectors are scaled by ℓ − s², not by its root": with_top((top - noise) ** 2),
        "s² is taken off after the root": with_top((top.sqrt() - noise) ** 2),
        "s is taken off the roots of the eigenvalues; s² is taken off the eigenvalues": (
            with_top((top.sqrt() - noise.sqrt()) ** 2)
        ),
        "W belongs to the smallest eigenvalues": rebuilt(vectors, smallest),
        "the eigenvectors are the columns of what eigh returns; rows are used": (
            with_vectors(vectors[-D:].T)
        ),
        "eigenvalues and eigenvectors are not in the same order: turn round both, or none": (
            with_vectors(vectors[:, -D:].flip(-1))
        ),
        "the rows of what eigh returns are turned round; its columns are the eigenvectors": (
            with_vectors(vectors.flip(0)[:, -D:])
        ),
        "the rows of what eigh returns are turned round: flip the last axis, that of columns": (
            with_vectors(vectors.flip(0)[:, :D].flip(-1))
        ),
        "the eigenvectors belong to the smallest eigenvalues": with_vectors(vectors[:, :D]),
        "the eigenvectors belong to the smallest eigenvalues (turn round both, or none)": (
            with_vectors(vectors[:, :D].flip(-1))
        ),
    }
