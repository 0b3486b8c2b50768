"""Expectation maximisation for mixtures: two half-steps that climb one function.

    ELBO(q, θ) = ∑_b ∑ₖ q_bk (log p(x_b, k | θ) − log q_bk)
               = ∑_b log p(x_b | θ) − KL(q_b ‖ p(z | x_b, θ))

The E-step maximises it over q, and touches log p(x | θ); the M-step maximises it over θ. With
smoothing, log p(θ) = ∑ₖᵥ smoothing · log θₖᵥ is added: the M-step finds a mode, and what never
falls is log p(x | θ) + log p(θ).

Source: R. Neal and G. Hinton, 1998, A View of the EM Algorithm that Justifies Incremental, Sparse,
and Other Variants, https://doi.org/10.1007/978-94-011-5014-9_12
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.models.mixture import Mixture

__all__ = ["EMRun", "bound", "em", "log_smoothing", "m_step", "partial_e_step"]


class EMRun(NamedTuple):
    """What EM came to.

    Attributes:
        mixture: The last parameters.
        trace: log p(x | θ) + log p(θ) of all documents before each step and after the last, nats.
    """

    mixture: Mixture
    trace: list[float]


def partial_e_step(q: Tensor, log_joint: Tensor, share: float = 1.0) -> Tensor:
    """Take q a part of the way to the posterior; the ELBO never falls, at share 1 the gap is 0.

        q_new ∝ q^(1 − share) · p(z | x)^share

    Args:
        q: Responsibilities, `[B, K]`.
        log_joint: log p(x, z), `[B, K]`.
        share: 0 leaves q as it is, 1 is the full E-step.

    Returns:
        The new q, `[B, K]`.

    Example: halfway between 1 : 1 and 1 : 9 lies 1 : 3.
        >>> partial_e_step(torch.tensor([[0.5, 0.5]]), torch.tensor([[0.1, 0.9]]).log(), 0.5)
        tensor([[0.2500, 0.7500]])
    """
    if share == 1.0:
        return log_joint.softmax(-1)
    return ((1 - share) * q.log() + share * log_joint.log_softmax(-1)).softmax(-1)


def m_step(q: Tensor, counts: Tensor, smoothing: float = 0.0) -> Mixture:
    """The parameters that maximise ELBO(q, θ) + log p(θ): expected counts, divided by their sums.

        πₖ = ∑_b q_bk / B,    θₖᵥ = (∑_b q_bk n_bv + smoothing) / (∑_b q_bk N_b + V · smoothing)

    Args:
        q: Responsibilities, `[B, K]`.
        counts: n, `[B, V]`.
        smoothing: α − 1 of a symmetric Dirichlet prior on each word list; pseudo-counts.

    Example:
        >>> q, counts = torch.eye(2), torch.tensor([[3.0, 1.0], [0.0, 2.0]])
        >>> m_step(q, counts, smoothing=1.0).log_words.exp()
        tensor([[0.6667, 0.3333],
                [0.2500, 0.7500]])
    """
    words = q.T @ counts + smoothing  # [K, V]
    return Mixture((q.sum(0) / len(q)).log(), (words / words.sum(-1, keepdim=True)).log())


def bound(q: Tensor, log_joint: Tensor) -> Tensor:
    """ELBO(q, θ) of each document, `[B]`, nats, from `[B, K]` tables; 0 log 0 is 0.

    Example: at the posterior the bound is log p(x).
        >>> log_joint = torch.tensor([[0.1, 0.3]]).log()
        >>> bound(log_joint.softmax(-1), log_joint).exp()
        tensor([0.4000])
    """
    weighted = torch.where(q > 0, q * log_joint, 0.0)
    return (weighted + torch.special.entr(q)).sum(-1)


def log_smoothing(mixture: Mixture, smoothing: float) -> Tensor:
    """log p(θ) up to a constant, `[]`, nats; 0 without smoothing."""
    if not smoothing:
        return mixture.log_words.new_zeros(())
    return smoothing * mixture.log_words.sum()


def em(start: Mixture, counts: Tensor, num_steps: int, smoothing: float = 0.0) -> EMRun:
    """Run EM.

    Args:
        start: Where to begin; components that are alike stay alike.
        counts: The documents, `[B, V]`.
        num_steps: How many pairs of half-steps.
        smoothing: As in `m_step`.

    Returns:
        The last parameters, and what has risen.

    Example: two kinds of documents are told apart.
        >>> counts = torch.tensor([[5.0, 0.0], [4.0, 1.0], [0.0, 5.0]])
        >>> start = Mixture(torch.zeros(2) - 0.693147, torch.tensor([[0.6, 0.4], [0.4, 0.6]]).log())
        >>> run = em(start, counts, num_steps=20)
        >>> run.mixture.log_prior.exp(), run.trace[0] < run.trace[-1]
        (tensor([0.6667, 0.3333]), True)
    """
    mixture, trace = start, []
    for _ in range(num_steps):
        log_joint = mixture.log_joint(counts)
        trace.append(objective(mixture, log_joint, smoothing))
        mixture = m_step(log_joint.softmax(-1), counts, smoothing)
    trace.append(objective(mixture, mixture.log_joint(counts), smoothing))
    return EMRun(mixture, trace)


def objective(mixture: Mixture, log_joint: Tensor, smoothing: float) -> float:
    """log p(x | θ) + log p(θ), summed over the documents."""
    return float(log_joint.logsumexp(-1).sum() + log_smoothing(mixture, smoothing))
