"""What is reported of a VAE: bound, its two terms, and log p(x) with both of its errors."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.bounds import bits_per_dimension, importance
from vilib.models.vae import VAE

__all__ = ["VAEReport", "report"]


@dataclass(frozen=True)
class VAEReport:
    """Means over a split, in nats; higher is better for all that is a log probability.

    Attributes:
        elbo: Bound on log p(x), from `num_samples` samples per picture.
        reconstruction: E_q[log p(x | z)].
        rate: KL(q(z | x) ‖ p(z)); elbo = reconstruction - rate.
        log_evidence: log p(x) by importance sampling from q; too low on average by half its
            variance.
        sampling_error: Standard error of `log_evidence` as an estimate for these very pictures.
        split_error: Standard error of `log_evidence` because the pictures are a sample themselves.
        effective: Smallest effective sample size of a picture.
        bits: -log₂ p(x) per pixel.
        num_samples: S per picture.

    Example:
        >>> VAEReport(-20.0, -14.0, 6.0, -19.0, 0.01, 0.3, 80.0, 0.43, 500).gap
        1.0
    """

    elbo: float
    reconstruction: float
    rate: float
    log_evidence: float
    sampling_error: float
    split_error: float
    effective: float
    bits: float
    num_samples: int

    @property
    def gap(self) -> float:
        """log p(x) - ELBO: an estimate of KL(q(z | x) ‖ p(z | x))."""
        return self.log_evidence - self.elbo


@torch.no_grad()
def report(model: VAE, x: Tensor, num_samples: int = 500) -> VAEReport:
    """Report on pictures.

    Args:
        model: The VAE.
        x: What the model is a model of: zeros and ones for Bernoulli pixels, `[B, P]`.
        num_samples: S, samples per picture for the bound and for log p(x); two sets of draws.

    Example: an untrained model.
        >>> _ = torch.manual_seed(1)
        >>> found = report(VAE(6, 2, 8), torch.ones(5, 6))
        >>> found.elbo < found.log_evidence
        True
    """
    terms = model.terms(x, num_samples)
    q = model.posterior(x)
    found = importance(q, lambda z: model.log_joint(x, z), num_samples, chunk_size=100)
    log_p, B = found.log_evidence, len(x)
    return VAEReport(
        elbo=float(terms.elbo.mean()),
        reconstruction=float(-terms.distortion.mean()),
        rate=float(terms.rate.mean()),
        log_evidence=float(log_p.mean()),
        sampling_error=float(found.standard_error.square().sum().sqrt() / B),
        split_error=float(log_p.std() / B**0.5),
        effective=float(found.effective_sample_size.min()),
        bits=float(bits_per_dimension(log_p, x.shape[1]).mean()),
        num_samples=num_samples,
    )
