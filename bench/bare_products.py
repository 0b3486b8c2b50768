"""The matrix products of a training step, and nothing else: no gathering, no tanh, no optimiser."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["bag_products", "lstm_products"]

CLASSES = 5


def bag_products(B: int, T: int, E: int, *, trained: bool, repeats: int) -> Callable[[], int]:
    """Bag selector and bag classifier: aₜ = uᵀxₜ, h = Σₜ zₜxₜ, logits = W h, and their gradients.

    Args:
        B: Sentences.
        T: Words of a sentence.
        E: Length of a word vector.
        trained: Whether the word vectors get gradients, too.
        repeats: How often a call does it all.
    """
    x, z, u, W = (torch.randn(s) for s in ((B, T, E), (B, 1, T), (E, 1), (E, CLASSES)))
    words, h, a, g = x.view(-1, E), *(torch.randn(s) for s in ((B, E), (B * T, 1), (B, CLASSES)))

    def run() -> int:
        for _ in range(repeats):
            words @ u
            torch.bmm(z, x)
            h @ W
            words.T @ a
            h.T @ g
            if trained:
                a @ u.T
                torch.bmm(z.transpose(1, 2), (g @ W.T).unsqueeze(1))
        return repeats * B

    return run


def lstm_products(B: int, T: int, E: int, H: int, *, repeats: int) -> Callable[[], int]:
    """Two bidirectional LSTMs over frozen vectors: input and recurrent products, and gradients."""
    x, states = torch.randn(B * T, E), torch.randn(B * T, H)
    into, again = torch.randn(E, 4 * H), torch.randn(H, 4 * H)
    gates, state, gate = torch.randn(B * T, 4 * H), torch.randn(B, H), torch.randn(B, 4 * H)

    def direction() -> None:
        x @ into
        for _ in range(T):
            state @ again
        for _ in range(T):
            gate @ again.T
        x.T @ gates
        states.T @ gates

    def run() -> int:
        for _ in range(repeats * 4):
            direction()
        return repeats * B

    return run


def typical_length(lengths: Tensor) -> int:
    """The mean number of words, rounded."""
    return round(lengths.double().mean().item())
