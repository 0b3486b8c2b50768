"""The forward algorithm in logarithms: slow, and safe whatever the numbers are."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.structured.hmm import HMM

__all__ = ["forward_log", "logsumexp", "messages_log"]


def forward_log(hmm: HMM) -> Tensor:
    """log p(x) = log ∑_z p(x, z), the reference that is read and compared with.

    log α₁(k) = log_initial(k) + log_emission₁(k),
    log α_{t+1}(j) = log_emission_{t+1}(j) + log ∑ᵢ exp(log αₜ(i) + log_transition(i, j)),
    log p(x) = log ∑ₖ α_T(k).

    No number here can underflow: states may differ by any number of nats. It costs T K² additions
    *and exponentials* per sequence; `forward` gives the same for T K² multiplications.

    Args:
        hmm: The model with its observations.

    Returns:
        log p(x), `[B]`, nats, differentiable as often as wanted. An impossible sequence has -inf,
        and the gradient 0.

    Source: L. R. Rabiner, 1989, A Tutorial on Hidden Markov Models and Selected Applications in
        Speech Recognition, https://doi.org/10.1109/5.18626

    Example: two fair states; the observation has probability .5 · .8 + .5 · .3.
        >>> from vilib.structured import HMM
        >>> half = torch.full((2, 2), 0.5).log()
        >>> forward_log(HMM(half[0], half, torch.tensor([[[0.8, 0.3]]]).log())).exp()
        tensor([0.5500])
    """
    alpha = messages_log(hmm)
    return logsumexp(alpha[torch.arange(len(alpha), device=alpha.device), hmm.ends], -1)


def messages_log(hmm: HMM) -> Tensor:
    """log αₜ(k) = log p(x₁, …, xₜ, zₜ = k), `[B, T, K]`; without a meaning on padding."""
    hmm = hmm.cleaned()
    e, A = hmm.log_emission, hmm.steps
    alpha = hmm.log_initial + e[:, 0]  # [B, K]
    messages = [alpha]
    for t in range(1, e.shape[1]):
        step = A[:, t - 1] if A.shape[1] > 1 else A[:, 0]
        alpha = logsumexp(alpha[:, :, None] + step, 1) + e[:, t]
        messages.append(alpha)
    return torch.stack(messages, 1)


def logsumexp(x: Tensor, dim: int) -> Tensor:
    """log ∑ exp x; where all of x is -inf the gradient is 0, where torch's is NaN."""
    empty = x.amax(dim, keepdim=True) == -torch.inf
    return x.masked_fill(empty, 0.0).logsumexp(dim).masked_fill(empty.squeeze(dim), -torch.inf)
