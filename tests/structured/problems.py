"""Small chains, and what enumerating all their paths says of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.structured import HMM

INF = float("inf")


def random_hmm(
    B: int = 3, T: int = 5, K: int = 3, axes: int = 2, *, ragged: bool = False, forbid: float = 0.0
) -> HMM:
    """Random probabilities; `axes` of the transitions 2, 3 or 4; a share `forbid` of -inf."""
    shape = {2: (K, K), 3: (B, K, K), 4: (B, T - 1, K, K)}[axes]
    start = torch.randn(K) if axes == 2 else torch.randn(B, K)
    scores = [start, 1.5 * torch.randn(shape), 2 * torch.randn(B, T, K)]
    scores = [s.masked_fill(torch.rand(s.shape) < forbid, -INF) for s in scores]
    lengths = torch.randint(1, T + 1, (B,)) if ragged else None
    # a row without any allowed value has no softmax: it forbids all
    start, steps = (s.log_softmax(-1).nan_to_num(nan=-INF, neginf=-INF) for s in scores[:2])
    return HMM(start, steps, scores[2], lengths)


def watch(hmm: HMM) -> HMM:
    """The same with scores that a gradient is asked of."""
    return HMM(*(p.detach().clone().requires_grad_() for p in hmm.potentials), hmm.lengths)


@dataclass(frozen=True)
class Paths:
    """All paths of one sequence and their log joint."""

    states: Tensor  # [N, length]
    log_joint: Tensor  # [N]

    @property
    def log_evidence(self) -> Tensor:
        return self.log_joint.logsumexp(0)

    @property
    def mass(self) -> Tensor:
        return (self.log_joint - self.log_evidence).exp()

    def marginals(self, K: int) -> Tensor:
        """`[length, K]`."""
        here = torch.nn.functional.one_hot(self.states, K).to(self.mass)  # [N, length, K]
        return torch.einsum("n,ntk->tk", self.mass, here)

    def pairs(self, K: int) -> Tensor:
        """`[length - 1, K, K]`."""
        here = torch.nn.functional.one_hot(self.states, K).to(self.mass)
        return torch.einsum("n,nti,ntj->tij", self.mass, here[:, :-1], here[:, 1:])


def enumerate_paths(hmm: HMM, b: int) -> Paths:
    """One sequence's paths, scored by nothing but lookups in the tables."""
    B, T, K = hmm.log_emission.shape
    length = T if hmm.lengths is None else int(hmm.lengths[b])
    start = hmm.log_initial.expand(B, K)[b]
    A = hmm.log_transition
    A = A.expand(B, T - 1, K, K)[b] if A.dim() != 3 else A[b].expand(T - 1, K, K)
    states = list(itertools.product(range(K), repeat=length))
    scores = []
    for z in states:
        score = start[z[0]] + hmm.log_emission[b, 0, z[0]]
        for t in range(1, length):
            score = score + A[t - 1, z[t - 1], z[t]] + hmm.log_emission[b, t, z[t]]
        scores.append(score)
    return Paths(torch.tensor(states), torch.stack(scores))


def tolerance(like: Tensor) -> float:
    """1e-10 in double precision."""
    return 1e-10 if like.dtype == torch.double else 1e-4


def assert_close(ours: Tensor, exact: Tensor, scale: float = 1.0) -> None:
    """Equal, infinities included, to 1e-10 (1e-4 in float32) relative to max(1, |exact|)."""
    assert ours.shape == exact.shape, (ours.shape, exact.shape)
    assert not ours.isnan().any()
    finite = exact.isfinite()
    assert torch.equal(ours[~finite], exact[~finite].to(ours))
    gap = ((ours - exact)[finite] / exact[finite].abs().clamp(min=1)).abs()
    worst = gap.max().item() if gap.numel() else 0.0
    assert worst <= scale * tolerance(ours), f"off by {worst:.2g}"
