"""What the past alone says of each position."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.structured.factors import factors
from vilib.structured.forward_log import messages_log
from vilib.structured.guard import careful
from vilib.structured.hmm import HMM
from vilib.structured.scaled import filtered

__all__ = ["filtering"]


def filtering(hmm: HMM) -> Tensor:
    """log p(zₜ = k | x₁, …, xₜ), the normalised message αₜ.

    Unlike `marginals` it does not know the future: it is what an online decoder has, and what
    `sample_posterior` starts from. Not differentiable.

    Args:
        hmm: The model with its observations.

    Returns:
        `[B, T, K]`, nats; without a meaning on padding; NaN from the first position on that makes
        the sequence impossible.

    Source: L. R. Rabiner, 1989, A Tutorial on Hidden Markov Models and Selected Applications in
        Speech Recognition, https://doi.org/10.1109/5.18626

    Example: only the last observation tells the states apart, and the past does not know it.
        >>> from vilib.structured import HMM
        >>> stay = torch.tensor([[0.9, 0.1], [0.1, 0.9]])
        >>> seen = torch.tensor([[[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]])
        >>> filtering(HMM(torch.tensor([0.5, 0.5]).log(), stay.log(), seen.log())).exp()[0, :, 0]
        tensor([0.5000, 0.5000, 1.0000])
    """
    with torch.no_grad():
        return careful(quick, lambda hmm: (messages_log(hmm).log_softmax(-1),), hmm)[0]


def quick(hmm: HMM) -> tuple[tuple[Tensor], Tensor | None]:
    """Filtered marginals, and the sequences that underflow spoilt."""
    hmm = hmm.cleaned()
    with torch.inference_mode():
        parts = factors(hmm)
        kept = filtered(parts, hmm)
        predicted = torch.cat([parts.initial.expand(1, *parts.emission.shape[1:]), kept.predicted])
        log_predicted = predicted.log_().view(len(predicted), *hmm.log_emission.shape[::2])
        # an emission of -1,000 nats is 0 as a factor, but not here
        log_alpha = (log_predicted.transpose(0, 1) + hmm.log_emission).log_softmax(-1)
    return (log_alpha.clone(),), kept.lost
