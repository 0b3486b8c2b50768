"""The likeliest state sequence."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.structured.hmm import HMM

__all__ = ["viterbi"]


def viterbi(hmm: HMM) -> tuple[Tensor, Tensor]:
    """argmax_z p(x, z), and its log joint.

    δ₁(k) = log_initial(k) + log_emission₁(k),
    δ_{t+1}(j) = log_emission_{t+1}(j) + maxᵢ (δₜ(i) + log_transition(i, j)),

    then back from the best last state, asking at each step where its δ came from. Only the K
    candidates of the states on the path are looked at again: no table of back-pointers is kept.

    Ties: the lowest last state wins; then, going back, the lowest state at each step.

    Args:
        hmm: The model with its observations.

    Returns:
        The states, integers `[B, T]`, 0 on padding; and log p(x, z) of them, `[B]`, nats,
        differentiable. An impossible sequence has -inf, and states without a meaning.

    Source: A. J. Viterbi, 1967, Error Bounds for Convolutional Codes and an Asymptotically Optimum
        Decoding Algorithm, https://doi.org/10.1109/TIT.1967.1054010

    Example: the observations prefer 0, 1, 0; states that tend to stay overrule the second.
        >>> from vilib.structured import HMM
        >>> stay = torch.tensor([[0.9, 0.1], [0.1, 0.9]])
        >>> seen = torch.tensor([[[0.8, 0.2], [0.4, 0.6], [0.8, 0.2]]])
        >>> states, log_joint = viterbi(HMM(torch.tensor([0.5, 0.5]).log(), stay.log(), seen.log()))
        >>> states, log_joint.exp()  # .5 .8 · .9 .4 · .9 .8
        (tensor([[0, 0, 0]]), tensor([0.1037]))
    """
    hmm = hmm.cleaned()
    with torch.no_grad():
        states = trace_back(hmm, best_scores(hmm))
    return states, hmm.log_joint(states)


def best_scores(hmm: HMM) -> list[Tensor]:
    """δₜ(k), the score of the best path that ends at t in k, T times `[B, K]`."""
    e, A = hmm.log_emission, hmm.steps.mT
    delta = [hmm.log_initial + e[:, 0]]
    for t in range(1, e.shape[1]):
        step = A[:, t - 1] if A.shape[1] > 1 else A[:, 0]
        delta.append((delta[-1][:, None] + step).amax(-1) + e[:, t])
    return delta


def trace_back(hmm: HMM, delta: list[Tensor]) -> Tensor:
    """The states of the best path, `[B, T]`."""
    B, T, K = hmm.log_emission.shape
    A, ends = hmm.steps.expand(B, T - 1, K, K), hmm.ends
    every = torch.arange(B, device=ends.device)
    states = torch.zeros(B, T, dtype=torch.long, device=ends.device)
    for t in range(T - 1, -1, -1):
        score = delta[t]
        if t < T - 1:
            into_next = A[every, t, :, states[:, t + 1]]
            score = torch.where((t < ends)[:, None], score + into_next, score)
        states[:, t] = torch.where(t <= ends, score.argmax(-1), 0)
    return states
