"""The evidence lower bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from torch import Tensor
from torch.distributions import Distribution

from vilib.bounds.rate_distortion import rate_distortion

__all__ = ["elbo"]


def elbo(
    q: Distribution,
    log_likelihood: Callable[[Tensor], Tensor],
    prior: Distribution,
    num_samples: int = 1,
    kl: Literal["closed", "sampled"] = "closed",
) -> Tensor:
    """The ELBO per datapoint from S samples, in nats; higher is better.

        ELBO = E_q[log p(x | z)] - KL(q(z | x) ‖ p(z))
             = E_q[log p(x, z) - log q(z | x)]
             = log p(x) - KL(q(z | x) ‖ p(z | x))

    The KL is summed over latent dimensions. To average it instead weighs the prior by 1/D.
    The function is log p(x | z), with the prior beside it, where the exact ELBO,
    `exact.elbo(q, log_joint)`, takes log p(x, z) as one function, the prior within.

    With a reparameterised q, `elbo(...).mean()` can be maximised as it is. A discrete q needs an
    estimator for the gradient in λ. Any of `vilib.estimators` does, with f = log w:

        surrogate = estimator(q, lambda z: log_joint(z) - q.log_prob(z), num_samples)

    or with the KL in closed form, so that only the likelihood is sampled:

        rate = kl_divergence(q, prior.expand(q.batch_shape))
        surrogate = estimator(q, log_likelihood, num_samples) - rate

    Args:
        q: The approximate posterior, batch shape `[B]` (or `[]`).
        log_likelihood: z ↦ log p(x | z); maps `[S, B, *event]` to `[S, B]`.
        prior: p(z), batch shape `[]` or `[B]`, with the event shape of q.
        num_samples: S.
        kl: "closed" for `torch.distributions.kl_divergence`, or "sampled".

    Returns:
        The ELBO, `[B]`.

    Raises:
        ValueError: Shapes do not fit, S < 1, `kl` is another word, or torch knows no closed form.

    Source: M. I. Jordan, Z. Ghahramani, T. S. Jaakkola and L. K. Saul, 1999, An Introduction to
        Variational Methods for Graphical Models, https://doi.org/10.1023/A:1007665907178;
        D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes,
        https://arxiv.org/abs/1312.6114

    Example: z ~ N(0, 1), x ~ N(z, 1), x = 2. With the posterior for q the ELBO is log p(x).
        >>> import torch
        >>> from torch.distributions import Normal
        >>> x, prior = torch.tensor([2.0]), Normal(0.0, 1.0)
        >>> q = Normal(x / 2, 0.5**0.5)
        >>> elbo(q, lambda z: Normal(z, 1.0).log_prob(x), prior, kl="sampled")
        tensor([-2.2655])
        >>> Normal(0.0, 2**0.5).log_prob(x)
        tensor([-2.2655])
    """
    return rate_distortion(q, log_likelihood, prior, num_samples, kl).elbo
