"""Mistakes that are easily made with chains: each must fail what the right way passes."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib.structured import HMM, FactorialHMM, MeanField, filtering, forward, marginals, mean_field


def unguarded(hmm: HMM, forget: int | None = None) -> Tensor:
    """Scaled products, renormalised every 8 steps, and whatever comes of it.

    `forget` leaves out one of the divisors.
    """
    top = hmm.log_emission.amax(-1)
    w, A = (hmm.log_emission - top[..., None]).exp(), hmm.log_transition.exp()
    alpha, total = hmm.log_initial.exp() * w[:, 0], top.sum(1)
    for t in range(1, w.shape[1]):
        if t % 8 == 0:
            c = alpha.sum(-1, keepdim=True)
            alpha = alpha / c
            if t // 8 - 1 != forget:
                total = total + c[:, 0].log()
        alpha = alpha @ A * w[:, t]
    return total + alpha.sum(-1).log()


def scale_forgotten_once(hmm: HMM) -> Tensor:
    return unguarded(hmm, forget=1)


def only_zero_mass_is_guarded(hmm: HMM) -> Tensor:
    """Falls back where all mass is gone; a path that was dropped earlier is not missed."""
    log_Z = unguarded(hmm)
    return torch.where(log_Z.isfinite(), log_Z, forward(hmm))


def transposed(hmm: HMM) -> Tensor:
    return forward(replace(hmm, log_transition=hmm.log_transition.mT))


def one_too_long(hmm: HMM) -> Tensor:
    T = hmm.log_emission.shape[1]
    return forward(replace(hmm, lengths=(hmm.lengths + 1).clamp(max=T)))


def one_too_short(hmm: HMM) -> Tensor:
    return forward(replace(hmm, lengths=(hmm.lengths - 1).clamp(min=1)))


def without_the_future(hmm: HMM) -> Tensor:
    """Filtering where smoothing is asked for."""
    return torch.where(hmm.mask[..., None], filtering(hmm).exp(), 0.0)


def without_the_past(hmm: HMM) -> Tensor:
    """p(zₜ) ∝ βₜ wₜ: the message from behind alone."""
    e, A = hmm.log_emission, hmm.log_transition
    beta, out = torch.zeros_like(e[:, 0]), []
    for t in range(e.shape[1] - 1, -1, -1):
        out.append((beta + e[:, t]).softmax(-1))
        beta = (A + (beta + e[:, t])[:, None]).logsumexp(-1)
    return torch.stack(out[::-1], 1)


def back_pointer_off_by_one(hmm: HMM) -> tuple[Tensor, Tensor]:
    """Asks δₜ₊₁ where zₜ came from."""
    e, A = hmm.log_emission, hmm.log_transition
    delta = [hmm.log_initial + e[:, 0]]
    for t in range(1, e.shape[1]):
        delta.append((delta[-1][:, :, None] + A).amax(1) + e[:, t])
    states = [delta[-1].argmax(-1)]
    for t in range(e.shape[1] - 2, -1, -1):
        states.append((delta[t + 1] + A[:, states[-1]].T).argmax(-1))
    z = torch.stack(states[::-1], 1)
    return z, hmm.log_joint(z)


def best_marginals(hmm: HMM) -> tuple[Tensor, Tensor]:
    """The likeliest state at each position: a path that may be unlikely, even forbidden."""
    z = marginals(hmm).argmax(-1)
    return z, hmm.log_joint(z)


def independently(q: Tensor, S: int) -> Tensor:
    """Every position for itself."""
    return Categorical(probs=q).sample((S,))


def samples_of_filtered(hmm: HMM, S: int) -> Tensor:
    return independently(filtering(hmm).exp(), S)


def samples_of_marginals(hmm: HMM, S: int) -> Tensor:
    return independently(marginals(hmm), S)


def samples_from_the_front(hmm: HMM, S: int) -> Tensor:
    """Forward through filtered marginals and transitions: the future has no say."""
    alpha, A = filtering(hmm), hmm.log_transition
    states = [Categorical(logits=alpha[:, 0]).sample((S,))]
    for t in range(1, alpha.shape[1]):
        logits = A[states[-1]] + hmm.log_emission[:, t]
        states.append(Categorical(logits=logits).sample())
    return torch.stack(states, -1)


def elbo_without_entropy(model: FactorialHMM, sweeps: int) -> MeanField:
    q, elbo = mean_field(model, sweeps)
    return MeanField(q, elbo + torch.where(q > 0, q * q.log(), 0.0).sum((0, 2, 3)))


def half_the_chains_forgotten(model: FactorialHMM, sweeps: int) -> MeanField:
    """The prior of the first chain alone."""
    q, elbo = mean_field(model, sweeps)
    start = (q[1:, :, 0] * model.log_initial[1:, None]).sum((0, 2))
    steps = torch.einsum("lbti,lbtj,lij->b", q[1:, :, :-1], q[1:, :, 1:], model.log_transition[1:])
    return MeanField(q, elbo - start - steps)
