"""Log importance weights, of which all sampled bounds are made."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import evaluate

__all__ = ["log_weights"]


def log_weights(
    q: Distribution, log_joint: Callable[[Tensor], Tensor], num_samples: int = 1
) -> Tensor:
    """log w = log p(x, z) - log q(z | x) at samples z ~ q, in nats.

    Their mean is the ELBO, `iwae` and `renyi` take them as they are, and one draw serves all:

        E_q[w] = p(x),  E_q[log w] = ELBO = log p(x) - KL(q(z | x) ‖ p(z | x))

    If q is the posterior every weight is p(x): no sample differs from another.

    Samples are reparameterised where q can, so the gradient is the pathwise one and complete. For
    a discrete q it is *not*: the samples' own dependence on λ is missing, and an estimator of
    `vilib.estimators` has to supply it (see `elbo`).

    Args:
        q: The approximate posterior, batch shape `[B]` (or `[]`).
        log_joint: z ↦ log p(x, z); maps `[S, B, *event]` to `[S, B]`.
        num_samples: S.

    Returns:
        log w, `[S, B]`; -∞ at samples that the model holds impossible.

    Raises:
        ValueError: `log_joint` returns another shape, or S < 1.

    Source: Y. Burda, R. Grosse and R. Salakhutdinov, 2016, Importance Weighted Autoencoders,
        https://arxiv.org/abs/1509.00519

    Example: z ~ N(0, 1), x ~ N(z, 1) and the posterior N(x/2, 1/2): all weights are p(x).
        >>> import torch
        >>> from torch.distributions import Normal
        >>> x = torch.tensor([0.0, 2.0])
        >>> def log_joint(z):
        ...     return Normal(0.0, 1.0).log_prob(z) + Normal(z, 1.0).log_prob(x)
        >>> log_weights(Normal(x / 2, 0.5**0.5), log_joint, num_samples=2)
        tensor([[-1.2655, -2.2655],
                [-1.2655, -2.2655]])
    """
    z = draw(q, num_samples)
    return evaluate(q, log_joint, z) - q.log_prob(z)


def draw(q: Distribution, num_samples: int) -> Tensor:
    """z ~ q, `[S, B, *event]`, reparameterised where q can."""
    if num_samples < 1:
        raise ValueError(f"num_samples must be at least 1, got {num_samples}")
    return q.rsample((num_samples,)) if q.has_rsample else q.sample((num_samples,))
