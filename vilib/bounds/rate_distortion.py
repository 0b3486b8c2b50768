"""The two terms of the ELBO: what the code costs, and what it loses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.distributions import Distribution, kl_divergence

from vilib.bounds.log_weights import draw
from vilib.estimators.contract import evaluate

__all__ = ["RateDistortion", "rate_distortion"]


class RateDistortion(NamedTuple):
    """Rate and distortion per datapoint, in nats; both are lower for the better.

    Attributes:
        rate: KL(q(z | x) ‖ p(z)), summed over latent dimensions, `[B]`.
        distortion: -E_q[log p(x | z)], `[B]`.

    Example:
        >>> RateDistortion(rate=torch.tensor([2.0]), distortion=torch.tensor([70.0])).elbo
        tensor([-72.])
    """

    rate: Tensor
    distortion: Tensor

    @property
    def elbo(self) -> Tensor:
        """ELBO = -distortion - rate, `[B]`, higher is better."""
        return -self.distortion - self.rate


def rate_distortion(
    q: Distribution,
    log_likelihood: Callable[[Tensor], Tensor],
    prior: Distribution,
    num_samples: int = 1,
    kl: Literal["closed", "sampled"] = "closed",
) -> RateDistortion:
    """Rate and distortion from S samples.

        rate = KL(q(z | x) ‖ p(z)),  or sampled: 1/S ∑ₛ log q(zₛ | x) - log p(zₛ)
        distortion = -1/S ∑ₛ log p(x | zₛ),  zₛ ~ q

    The closed form has no sampling error. The sampled rate is right on average, and all there is
    where q is a flow or a mixture; a single sample of it can be negative.

    Args:
        q: The approximate posterior, batch shape `[B]` (or `[]`).
        log_likelihood: z ↦ log p(x | z); maps `[S, B, *event]` to `[S, B]`.
        prior: p(z), batch shape `[]` or `[B]`, with the event shape of q.
        num_samples: S.
        kl: "closed" for `torch.distributions.kl_divergence`, or "sampled".

    Returns:
        Rate and distortion, `[B]` each.

    Raises:
        ValueError: Shapes do not fit, S < 1, `kl` is another word, or torch knows no closed form.

    Source: A. A. Alemi, B. Poole, I. Fischer, J. V. Dillon, R. A. Saurous and K. Murphy, 2018,
        Fixing a Broken ELBO, https://arxiv.org/abs/1711.00464

    Example: two dimensions cost twice as much as one.
        >>> from torch.distributions import Independent, Normal
        >>> q = Independent(Normal(torch.ones(1, 2), 1.0), 1)  # B = 1, D = 2
        >>> prior = Independent(Normal(torch.zeros(2), 1.0), 1)
        >>> rate_distortion(q, lambda z: -3 + 0 * z.sum(-1), prior)
        RateDistortion(rate=tensor([1.]), distortion=tensor([3.]))
    """
    fits = prior.batch_shape in (torch.Size(), q.batch_shape)
    if not fits or q.event_shape != prior.event_shape:
        raise ValueError(f"the prior's shapes do not fit those of q: {prior} beside {q}")
    z = draw(q, num_samples)
    distortion = -evaluate(q, log_likelihood, z).mean(0)
    if kl == "closed":
        return RateDistortion(closed_kl(q, prior), distortion)
    if kl == "sampled":
        return RateDistortion((q.log_prob(z) - evaluate(q, prior.log_prob, z)).mean(0), distortion)
    raise ValueError(f'kl is {kl!r}, expected "closed" or "sampled"')


def closed_kl(q: Distribution, prior: Distribution) -> Tensor:
    """KL(q ‖ prior) from torch's table, `[B]`."""
    try:
        # not all of torch's closed forms broadcast: that of two Bernoullis does not
        return kl_divergence(q, prior.expand(q.batch_shape))
    except NotImplementedError as error:
        raise ValueError(f'torch has no closed form: {error}; kl="sampled" needs none') from error
