"""One training step of a Bernoulli VAE with each estimator, against a deterministic autoencoder.

200 latent bits, linear encoder and decoder, 28×28 binary pixels, batch 100, Adam. The floor has the
same networks, loss and optimiser, with probabilities in the place of the bits.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Bernoulli, Independent

from vilib.estimators import Estimator

__all__ = ["Step", "autoencoder", "vae"]

B, D, PIXELS = 100, 200, 28 * 28


class Step:
    """Encoder, decoder, optimiser and one batch; each call is `repeats` training steps.

    Args:
        loss: From encoder's logits, decoder and pixels to a number to be minimised, `[]`.
        repeats: Training steps of one call.
    """

    def __init__(
        self, loss: Callable[[Tensor, nn.Module, Tensor], Tensor], repeats: int = 4
    ) -> None:
        self.encoder, self.decoder = nn.Linear(PIXELS, D), nn.Linear(D, PIXELS)
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
    return -F.binary_cross_entropy_with_logits(
        logits, x.expand_as(logits), reduction="none"
    ).sum(-1)


def autoencoder(logits: Tensor, decoder: nn.Module, x: Tensor) -> Tensor:
    """The floor: nothing is sampled."""
    return -log_likelihood(decoder(logits.sigmoid()), x).mean()


def vae(estimator: Estimator, num_samples: int) -> Callable[[Tensor, nn.Module, Tensor], Tensor]:
    """The negative ELBO with a closed-form KL to fair bits, through an estimator."""

    def loss(logits: Tensor, decoder: nn.Module, x: Tensor) -> Tensor:
        q = Independent(Bernoulli(logits=logits, validate_args=False), 1, validate_args=False)
        surrogate = estimator(q, lambda z: log_likelihood(decoder(z), x), num_samples)
        # KL to p = 1/2, without the constant D log 2
        rate = (logits * logits.sigmoid() - F.softplus(logits)).sum(-1)
        return (rate - surrogate).mean()

    return loss
