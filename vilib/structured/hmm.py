"""The hidden Markov model that all algorithms of this folder take."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

__all__ = ["HMM"]


@dataclass(frozen=True, eq=False)
class HMM:
    """A chain of hidden states z₁, …, z_T, each with K values, and what is seen of it.

    log p(x, z) = log_initial(z₁) + ∑_{t<T} log_transition(z_t, z_{t+1}) + ∑_t log_emission_t(z_t).

    The observations x are in the emissions already, so that any network may have computed them,
    and the transitions too. Nothing has to be normalised: with arbitrary scores this is a
    linear-chain conditional random field, and log p(x) is its log normaliser. -inf forbids a
    state or a step. Axes: B sequences, T positions, K states.

    Args:
        log_initial: Log mass of the first state, `[K]` or `[B, K]`, nats.
        log_transition: Row i holds log p(z_{t+1} = · | z_t = i), `[K, K]`, `[B, K, K]` (one matrix
            per sequence) or `[B, T-1, K, K]` (one per step; the first axis may be 1).
        log_emission: log p(x_t | z_t = k), `[B, T, K]`. One sequence is B = 1.
        lengths: Positions of each sequence, 1 to T, `[B]`, integers. What lies behind them has no
            influence. None: all are T long.

    Raises:
        ValueError: Shapes or dtypes do not fit together, or a length is not in 1, …, T.

    Source: L. R. Rabiner, 1989, A Tutorial on Hidden Markov Models and Selected Applications in
        Speech Recognition, https://doi.org/10.1109/5.18626

    Example: two states that tend to stay, and three observations.
        >>> stay = torch.tensor([[0.9, 0.1], [0.1, 0.9]])
        >>> seen = torch.tensor([[[0.8, 0.3], [0.8, 0.3], [0.2, 0.7]]])  # B = 1, T = 3, K = 2
        >>> hmm = HMM(torch.tensor([0.5, 0.5]).log(), stay.log(), seen.log())
        >>> hmm.log_joint(torch.tensor([[0, 0, 1]])).exp()  # .5 .8 · .9 .8 · .1 .7
        tensor([0.0202])
    """

    log_initial: Tensor
    log_transition: Tensor
    log_emission: Tensor
    lengths: Tensor | None = None

    def __post_init__(self) -> None:
        if self.log_emission.dim() != 3 or 0 in self.log_emission.shape:
            shape = list(self.log_emission.shape)
            raise ValueError(
                f"log_emission must be [B, T, K], none of them 0, got {shape}; "
                "one sequence is log_emission[None]"
            )
        B, T, K = self.log_emission.shape
        fits("log_initial", self.log_initial, [(K,), (B, K)])
        steps = [(K, K), (B, K, K), (B, T - 1, K, K), (1, T - 1, K, K)]
        fits("log_transition", self.log_transition, steps)
        if len({p.dtype for p in self.potentials}) > 1:
            raise ValueError(f"one dtype is needed, got {[p.dtype for p in self.potentials]}")
        if self.lengths is not None:
            fits("lengths", self.lengths, [(B,)])
            if self.lengths.is_floating_point():
                raise ValueError(f"lengths must be integers, got {self.lengths.dtype}")
            if self.lengths.min() < 1 or self.lengths.max() > T:
                raise ValueError(f"lengths must be from 1 to {T}, got {self.lengths.tolist()}")

    @property
    def potentials(self) -> tuple[Tensor, Tensor, Tensor]:
        """The three tables of scores."""
        return self.log_initial, self.log_transition, self.log_emission

    @property
    def ends(self) -> Tensor:
        """Index of each sequence's last position, `[B]`."""
        B, T, _ = self.log_emission.shape
        if self.lengths is None:
            return torch.full((B,), T - 1, device=self.log_emission.device)
        return self.lengths - 1

    @property
    def mask(self) -> Tensor:
        """True on positions of the sequence, False on padding, `[B, T]`."""
        T = self.log_emission.shape[1]
        return torch.arange(T, device=self.log_emission.device) <= self.ends[:, None]

    @property
    def steps(self) -> Tensor:
        """The transitions with all their axes, `[B or 1, T-1 or 1, K, K]`."""
        A = self.log_transition
        return A if A.dim() == 4 else A[None, None] if A.dim() == 2 else A[:, None]

    def log_joint(self, states: Tensor) -> Tensor:
        """log p(x, z) of given state sequences, in nats; -inf where one is forbidden.

        Args:
            states: z, integers, `[..., B, T]`; padding may hold any state.

        Returns:
            `[..., B]`, differentiable.
        """
        B, T, K = self.log_emission.shape
        b, t = torch.arange(B, device=states.device), torch.arange(T, device=states.device)
        first = self.log_initial.expand(B, K)[b, states[..., 0]]
        emitted = self.log_emission[b[:, None], t, states]
        A = self.steps.expand(B, T - 1, K, K)
        moved = A[b[:, None], t[:-1], states[..., :-1], states[..., 1:]]
        emitted = torch.where(self.mask, emitted, 0.0).sum(-1)
        return first + emitted + torch.where(self.mask[:, 1:], moved, 0.0).sum(-1)

    def cleaned(self) -> HMM:
        """The same HMM with scores 0 on padding, so that nothing there can spread, not even NaN."""
        if self.lengths is None:
            return self
        mask = self.mask[..., None]
        A, e = self.log_transition, torch.where(mask, self.log_emission, 0.0)
        if A.dim() == 4:
            A = torch.where(mask[:, 1:, None], A, 0.0)
        return replace(self, log_transition=A, log_emission=e)

    def rows(self, index: Tensor) -> HMM:
        """The HMM of some of the sequences.

        Args:
            index: Which ones, integers `[N]` or bool `[B]`.
        """
        start, A = self.log_initial, self.log_transition
        shared = A.dim() == 2 or (A.dim() == 4 and len(A) == 1)
        return HMM(
            start if start.dim() == 1 else start[index],
            A if shared else A[index],
            self.log_emission[index],
            None if self.lengths is None else self.lengths[index],
        )

    def to(self, dtype: torch.dtype) -> HMM:
        """The same HMM in another floating type."""
        initial, transition, emission = (p.to(dtype) for p in self.potentials)
        return replace(self, log_initial=initial, log_transition=transition, log_emission=emission)


def fits(name: str, value: Tensor, shapes: list[tuple[int, ...]]) -> None:
    """Raise a ValueError unless the value has one of the shapes."""
    if value.shape not in shapes:
        wanted = " or ".join(str(list(s)) for s in dict.fromkeys(shapes))
        raise ValueError(f"{name} must be {wanted}, got {list(value.shape)}")
