"""How many nats the code really says about the sentence, as opposed to what it costs."""

from __future__ import annotations

import math

from torch import Tensor
from torch.distributions import Distribution

__all__ = ["cross_log_prob", "mutual_information"]


def cross_log_prob(q: Distribution, z: Tensor) -> Tensor:
    """log q(zₙ | xₘ) for every pair, nats, `[N, N]`: row n is a sample, column m a sentence.

    Args:
        q: q(z | x) of N sentences, batch shape `[N]`.
        z: One sample of each, `[N, D]`.

    Example:
        >>> import torch
        >>> from torch.distributions import Independent, Normal
        >>> q = Independent(Normal(torch.zeros(3, 2), 1.0), 1)
        >>> cross_log_prob(q, q.sample()).shape
        torch.Size([3, 3])
    """
    return q.log_prob(z.unsqueeze(1))


def mutual_information(log_q: Tensor) -> Tensor:
    """An estimate of I(x; z) = E_x[KL(q(z | x) ‖ q(z))], q(z) = E_x[q(z | x)], in nats.

        I ≈ 1/N ∑ₙ (log q(zₙ | xₙ) − log 1/N ∑ₘ q(zₙ | xₘ)),  zₙ ~ q(z | xₙ)

    The rate is an upper bound: E_x[KL(q(z | x) ‖ p(z))] = I(x; z) + KL(q(z) ‖ p(z)).

    - On average it is the information between z and *which of these N* sentences it was. That is at
      most log N, and at most I(x; z): the bias is downwards, and large where I is near log N.
    - A single estimate can be negative, though I cannot: a sample may fall where another sentence's
      posterior is higher. To cut it off at 0 would bias the mean upwards.

    Args:
        log_q: log q(zₙ | xₘ), `[N, N]`, of `cross_log_prob`.

    Returns:
        The estimate, `[]`.

    Source: M. D. Hoffman and M. J. Johnson, 2016, ELBO Surgery: Yet Another Way to Carve Up the
        Variational Evidence Lower Bound, NIPS workshop on Advances in Approximate Bayesian
        Inference; as an estimate: J. He, D. Spokoyny, G. Neubig and T. Berg-Kirkpatrick, 2019,
        Lagging Inference Networks and Posterior Collapse, https://arxiv.org/abs/1901.05534

    Example: four sentences whose codes cannot be confused: log 4.
        >>> import torch
        >>> mutual_information(torch.eye(4) * 100 - 50)
        tensor(1.3863)
    """
    own = log_q.diagonal()
    return (own - (log_q.logsumexp(1) - math.log(len(log_q)))).mean()
