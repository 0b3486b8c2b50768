"""A language model without a latent variable: the control of every sentence VAE."""

from __future__ import annotations

from torch import Tensor, nn

from vilib.models.decoder import Decoder, sentence_log_prob
from vilib.models.sentence_frame import framed
from vilib.models.word_dropout import drop_words

__all__ = ["LanguageModel"]


class LanguageModel(nn.Module):
    """log p(x) = ∑ₜ log p(xₜ | x₍<ₜ₎), exact; the end of the sentence is a word.

    Args:
        decoder: Without a code.

    Example:
        >>> import torch
        >>> model = LanguageModel(Decoder(vocabulary_size=9))
        >>> tokens = torch.tensor([[4, 5, 6], [7, 0, 0]])
        >>> model.log_prob(tokens, tokens > 0).shape
        torch.Size([2])
    """

    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def log_prob(self, tokens: Tensor, mask: Tensor, word_dropout: float = 0.0) -> Tensor:
        """log p(x) of each sentence in nats, `[B]`, for tokens and mask `[B, T]`."""
        inputs, targets, there = framed(tokens, mask)
        logits = self.decoder(drop_words(inputs, word_dropout))
        return sentence_log_prob(logits, targets, there)[0]
