"""Bernoulli variables for inner loops."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Size, Tensor
from torch.distributions import Bernoulli

__all__ = ["Bits"]


class Bits(Bernoulli):
    """`torch.distributions.Bernoulli`, drawn and scored in about half the time.

    z = 1[u < σ(a)] with u uniform, and log q(z) = z a - log(1 + eᵃ).

    torch draws each bit with 53 random digits, here they are those of the dtype: in float32 a
    probability is met to 6e-8. Between 0 and 1 the log mass is linear in z, as relaxations want it.

    Args:
        probs: P(z = 1), in [0, 1].
        logits: a, instead of `probs`.
        validate_args: As in torch; False saves more time, and lets f take relaxed bits.

    Example:
        >>> _ = torch.manual_seed(1)
        >>> q = Bits(logits=torch.tensor([-40.0, 0.0, 40.0]))
        >>> q.sample((4,)).shape, q.log_prob(torch.tensor([0.0, 1.0, 1.0])).exp()
        (torch.Size([4, 3]), tensor([1.0000, 0.5000, 1.0000]))
    """

    def sample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """Zeros and ones, `[*sample_shape, *batch]`, without gradient."""
        with torch.no_grad():
            p = self.probs
            shape = self._extended_shape(Size(sample_shape))
            return (torch.rand(shape, dtype=p.dtype, device=p.device) < p).to(p)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log mass in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        a = self.logits
        # torch's softplus turns into a itself above 20, which float64 would notice
        return value * a - F.softplus(a, threshold=50.0)
