"""One training step of a VAE with any estimator, against a deterministic autoencoder.

Linear encoder and decoder, 28×28 binary pixels, batch 100, Adam; 200 bits, 20 variables of ten
values, or 200 Gaussians. The floor has the same networks, loss, closed-form KL and optimiser, with
q's mean in the place of the sample.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, Normal, OneHotCategorical

from vilib.distributions import Bits
from vilib.estimators import Estimator

__all__ = ["FAMILIES", "Family", "Step", "autoencoder", "vae"]

B, D, K, PIXELS = 100, 200, 10, 28 * 28
Loss = Callable[[Tensor, nn.Module, Tensor], Tensor]


class Family(NamedTuple):
    """Latent variables of one kind; all functions take the encoder's output `[B, outputs]`.

    Attributes:
        outputs: What the encoder has to say of one datapoint.
        posterior: The approximate posterior q.
        mean: q's mean, as the decoder takes it, `[B, D]`.
        rate: KL(q ‖ prior) `[B]`, without constants.
        log_prior: log p(z) `[S, B]` without constants, from z `[S, B, *event]`.
    """

    outputs: int
    posterior: Callable[[Tensor], Distribution]
    mean: Callable[[Tensor], Tensor]
    rate: Callable[[Tensor], Tensor]
    log_prior: Callable[[Tensor], Tensor]


def one_hot(a: Tensor) -> Distribution:
    """20 one-hot variables of ten values."""
    q = OneHotCategorical(logits=a.unflatten(-1, (-1, K)), validate_args=False)
    return Independent(q, 1, validate_args=False)


def gaussian(a: Tensor) -> Distribution:
    """200 Gaussians, from their means and log standard deviations."""
    loc, log_scale = a.chunk(2, -1)
    return Independent(Normal(loc, log_scale.exp(), validate_args=False), 1, validate_args=False)


def gaussian_rate(a: Tensor) -> Tensor:
    """KL to N(0, 1)."""
    loc, log_scale = a.chunk(2, -1)
    return 0.5 * (loc**2 + (2 * log_scale).exp() - 2 * log_scale).sum(-1)


def one_hot_rate(a: Tensor) -> Tensor:
    """KL to a fair die."""
    log_p = a.unflatten(-1, (-1, K)).log_softmax(-1)
    return (log_p.exp() * log_p).sum((-2, -1))


FAMILIES = {
    "bits": Family(
        outputs=D,
        posterior=lambda a: Independent(Bits(logits=a, validate_args=False), 1, False),
        mean=torch.sigmoid,
        rate=lambda a: (a * a.sigmoid() - F.softplus(a)).sum(-1),
        log_prior=lambda z: 0.0,
    ),
    "one_hot": Family(
        outputs=D,
        posterior=one_hot,
        mean=lambda a: a.unflatten(-1, (-1, K)).softmax(-1).flatten(-2),
        rate=one_hot_rate,
        log_prior=lambda z: 0.0,
    ),
    "gaussian": Family(
        outputs=2 * D,
        posterior=gaussian,
        mean=lambda a: a[:, :D],
        rate=gaussian_rate,
        log_prior=lambda z: -0.5 * (z**2).sum(-1),
    ),
}


class Step:
    """Networks, optimiser and one batch; each call is `repeats` training steps.

    Args:
        family: Of the latent variables.
        loss: From the encoder's output, the decoder and the pixels to what is minimised, `[]`.
        repeats: Training steps of one call.
    """

    def __init__(self, family: Family, loss: Loss, repeats: int = 4) -> None:
        self.encoder, self.decoder = nn.Linear(PIXELS, family.outputs), nn.Linear(D, PIXELS)
        parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimiser = torch.optim.Adam(parameters, lr=1e-3)
        self.x = (torch.rand(B, PIXELS) < 0.13).float()
        self.loss, self.repeats = loss, repeats

    def __call__(self) -> int:
        """Train; the number of steps."""
        for _ in range(self.repeats):
            self.optimiser.zero_grad()
            self.loss(self.encoder(self.x), self.decoder, self.x).backward()
            self.optimiser.step()
        return self.repeats


def log_likelihood(logits: Tensor, x: Tensor) -> Tensor:
    """log p(x|z) `[...]` of independent pixels with `logits` `[..., PIXELS]`, in nats."""
    x = x.expand_as(logits)
    return -F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1)


def autoencoder(family: Family) -> Loss:
    """The floor: nothing is sampled."""

    def loss(a: Tensor, decoder: nn.Module, x: Tensor) -> Tensor:
        return (family.rate(a) - log_likelihood(decoder(family.mean(a)), x)).mean()

    return loss


def vae(family: Family, estimator: Estimator, num_samples: int, *, weights: bool = False) -> Loss:
    """The negative bound through an estimator.

    Args:
        family: Of the latent variables.
        estimator: Any of `vilib.estimators`.
        num_samples: S.
        weights: f is the log weight log p(x, z) - log q(z), and there is no KL in closed form.
    """

    def loss(a: Tensor, decoder: nn.Module, x: Tensor) -> Tensor:
        q = family.posterior(a)

        def f(z: Tensor) -> Tensor:
            log_p = log_likelihood(decoder(z.flatten(2)), x)
            return log_p + family.log_prior(z) - q.log_prob(z) if weights else log_p

        surrogate = estimator(q, f, num_samples)
        return -surrogate.mean() if weights else (family.rate(a) - surrogate).mean()

    return loss
