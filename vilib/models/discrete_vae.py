"""A variational autoencoder whose code is bits, or dice."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent, OneHotCategorical, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits

from vilib.distributions import Bits
from vilib.estimators import Estimator

__all__ = ["DiscreteVAE"]

# of pixels in [0, 1]: a linear encoder learns sooner from inputs around 0
MIDDLE = 0.5


class DiscreteVAE(nn.Module):
    """Pixels from D discrete variables; encoder and decoder are linear, the prior is learned.

    Model: z_d ~ Categorical(softmax(π_d)) as a one-hot row, or Bernoulli(σ(π_d)) for bits;
    x_i | z ~ Bernoulli(σ(decoder(z)_i)). Approximate posterior: one independent factor per
    variable, with logits encoder(x).

        ELBO = E_q[log p(x | z)] − KL(q(z | x) ‖ p(z)) ≤ log p(x)

    The KL is that of the *discrete* distributions, in closed form. Only the first term needs an
    estimator, and a relaxing one may put soft rows into the decoder there: what is then trained is
    no longer a bound, so evaluate with `elbo`, which samples hard ones.

    Args:
        num_pixels: Pixels of a picture.
        num_variables: D.
        num_categories: K faces of each die; None for bits.

    Raises:
        ValueError: A die with fewer than two faces.

    Source: A. Mnih and K. Gregor, 2014, Neural Variational Inference and Learning in Belief
        Networks, https://arxiv.org/abs/1402.0030, for bits with linear layers; E. Jang, S. Gu and
        B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax,
        https://arxiv.org/abs/1611.01144, for dice

    Example: the ELBO by all 2³ codes, and log p(x) above it.
        >>> from vilib import exact
        >>> _ = torch.manual_seed(1)
        >>> model, x = DiscreteVAE(4, 3).double(), torch.ones(1, 4).double()
        >>> elbo = exact.elbo(model.posterior(x), lambda z: model.log_joint(x, z))
        >>> points = exact.enumerate_support(model.prior())
        >>> log_p = exact.log_evidence(lambda z: model.log_joint(x, z[:, None]), points)
        >>> bool(elbo < log_p)
        True
    """

    def __init__(
        self, num_pixels: int, num_variables: int, num_categories: int | None = None
    ) -> None:
        super().__init__()
        if num_categories is not None and num_categories < 2:
            raise ValueError(f"a die has at least two faces, got {num_categories}")
        self.event = (num_variables, num_categories) if num_categories else (num_variables,)
        width = num_variables * (num_categories or 1)
        self.encoder, self.decoder = nn.Linear(num_pixels, width), nn.Linear(width, num_pixels)
        self.prior_logits = nn.Parameter(torch.zeros(self.event))

    @property
    def kind(self) -> Literal["bits", "dice"]:
        """What the code is made of."""
        return "bits" if len(self.event) == 1 else "dice"

    def family(self, logits: Tensor) -> Independent:
        """Bits or dice with these logits `[..., *event]`; batch `[...]`, one event."""
        make = Bits if self.kind == "bits" else OneHotCategorical
        return Independent(make(logits=logits, validate_args=False), 1, validate_args=False)

    def prior(self) -> Independent:
        """p(z), batch `[]`."""
        return self.family(self.prior_logits)

    def posterior(self, x: Tensor) -> Independent:
        """q(z | x), batch `[B]`, for pictures `[B, P]`."""
        return self.family(self.encoder(x - MIDDLE).unflatten(-1, self.event))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x | z) in nats, `[S, B]`; z `[S, B, *event]` may be soft."""
        logits, x = torch.broadcast_tensors(self.decoder(z.flatten(-len(self.event))), x)
        return -binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1)

    def log_joint(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(z) + log p(x | z) in nats, `[S, B]`; z is hard."""
        return self.prior().log_prob(z) + self.log_likelihood(x, z)

    def rate(self, q: Distribution) -> Tensor:
        """KL(q(z | x) ‖ p(z)) of the discrete distributions, in nats, `[B]`."""
        return kl_divergence(q, self.prior().expand(q.batch_shape))

    def surrogate(self, estimator: Estimator, x: Tensor, num_samples: int = 1) -> Tensor:
        """What is maximised, `[B]`: the estimator's surrogate of E_q[log p(x | z)], less the KL."""
        q = self.posterior(x)
        return estimator(q, lambda z: self.log_likelihood(x, z), num_samples) - self.rate(q)
