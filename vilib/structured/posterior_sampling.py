"""State sequences drawn from the posterior: filter forward, sample backward."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib.structured.filtering import filtering
from vilib.structured.hmm import HMM

__all__ = ["sample_posterior"]


def sample_posterior(hmm: HMM, num_samples: int = 1) -> Tensor:
    """Exact, independent draws z ~ p(z | x) of whole state sequences.

    The last state is drawn from p(z_T | x₁, …, x_T). Going back, given the state that comes next,

        p(zₜ = i | zₜ₊₁ = j, x) ∝ p(zₜ = i | x₁, …, xₜ) p(zₜ₊₁ = j | zₜ = i),

    as the observations behind t say no more once zₜ₊₁ is known. Draws come from torch's own random
    state, under the seed that the caller set.

    Args:
        hmm: The model with its observations.
        num_samples: S.

    Returns:
        Integers `[S, B, T]`; 0 on padding.

    Raises:
        ValueError: A sequence is impossible, so that it has no posterior.

    Source: S. L. Scott, 2002, Bayesian Methods for Hidden Markov Models,
        https://doi.org/10.1198/016214502753479464

    Example: a chain that never changes its state is drawn as a whole.
        >>> from vilib.structured import HMM
        >>> _ = torch.manual_seed(1)
        >>> hmm = HMM(torch.zeros(2), torch.eye(2).log(), torch.zeros(1, 4, 2))
        >>> sample_posterior(hmm, 3)[:, 0].tolist()
        [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1]]
    """
    hmm = hmm.cleaned()
    log_alpha, A, ends = filtering(hmm), hmm.steps.detach(), hmm.ends
    B, T, K = log_alpha.shape
    every = torch.arange(B, device=log_alpha.device)
    impossible = log_alpha[every, ends].isnan().any(-1)
    if impossible.any():
        raise ValueError(f"impossible under the model: sequences {every[impossible].tolist()}")
    states = torch.zeros(num_samples, B, T, dtype=torch.long, device=log_alpha.device)
    A = A.expand(B, T - 1, K, K)
    for t in range(T - 1, -1, -1):
        logits = log_alpha[:, t].expand(num_samples, B, K)
        if t < T - 1:
            into_next = A[every, t, :, states[..., t + 1]]  # [S, B, K]
            logits = torch.where((t < ends)[:, None], logits + into_next, logits)
        # a position of padding has no distribution to draw from
        inside = (t <= ends)[:, None]
        draw = Categorical(logits=torch.where(inside, logits, 0.0)).sample()
        states[..., t] = torch.where(inside[:, 0], draw, 0)
    return states
