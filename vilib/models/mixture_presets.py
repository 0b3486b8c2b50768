"""Sizes and steps of unit 02, for a processor and for a GPU."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MIXTURE_PRESETS", "MixturePreset"]


@dataclass(frozen=True)
class MixturePreset:
    """How large and how long.

    Args:
        num_restarts: Starts of every fit.
        em_steps: Steps of EM, of gradient ascent and of the amortised fit; each a pass.
        smoothing: Pseudo-count of every word, for BBC and SST; chosen on BBC's dev split from .01,
            .03, .1, .3 and 1.
        learning_rate: Of Adam on the mixture's logits.
        encoder_rate: Of Adam on the encoder; both rates were chosen on the training objective.
        encoder_hidden: Width of the encoder.
        rnn_steps: Steps of the mixture of RNNs, 64 sentences each.
        rnn_rate: Its learning rate.
        rnn_hidden: Width of each of three components.
        rnn_control: Width of a single RNN with about as many weights as the three.
        sst_words: How many of SST's commonest words are counted.

    Example:
        >>> MIXTURE_PRESETS["class"].num_restarts
        5
    """

    num_restarts: int = 5
    em_steps: int = 60
    smoothing: float = 1.0
    learning_rate: float = 0.3
    encoder_rate: float = 0.01
    encoder_hidden: int = 64
    rnn_steps: int = 400
    rnn_rate: float = 0.01
    rnn_hidden: int = 32
    rnn_control: int = 82
    sst_words: int = 2000


MIXTURE_PRESETS = {
    "class": MixturePreset(),
    "paper": MixturePreset(
        num_restarts=20,
        em_steps=300,
        encoder_hidden=512,
        rnn_steps=20_000,
        rnn_rate=0.001,
        rnn_hidden=256,
        rnn_control=475,
        sst_words=10_000,
    ),
}
