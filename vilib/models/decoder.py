"""Decoders of sentences: from the words so far, and perhaps a code z, to the next word."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

__all__ = ["Decoder", "sentence_log_prob"]


class Decoder(nn.Module):
    """p(xₜ | x₍<ₜ₎, z) for every step t, by a GRU or, weaker, from the last word alone.

    z reaches the decoder in three ways: as the GRU's first state, beside the input of every step,
    and, with `skip`, beside the state from which the next word is read off. Without a code
    (`code_size` 0) it is a language model.

    Args:
        vocabulary_size: V.
        code_size: D; 0 for none.
        embedding_size: E.
        hidden: H.
        memory: False for the weak decoder, that sees the last word and z and nothing before.
        skip: Whether z also goes past the network to the output layer.

    Source: of the skip connections: A. B. Dieng, Y. Kim, A. M. Rush and D. M. Blei, 2019, Avoiding
        Latent Variable Collapse with Generative Skip Models, https://arxiv.org/abs/1807.04863

    Example:
        >>> decoder = Decoder(vocabulary_size=9, code_size=2)
        >>> decoder(torch.zeros(3, 4, dtype=torch.long), torch.zeros(5, 3, 2)).shape
        torch.Size([5, 3, 4, 9])
    """

    def __init__(
        self,
        vocabulary_size: int,
        code_size: int = 0,
        embedding_size: int = 32,
        hidden: int = 64,
        *,
        memory: bool = True,
        skip: bool = False,
    ) -> None:
        super().__init__()
        self.memory, self.skip = memory, skip
        self.table = nn.Embedding(vocabulary_size, embedding_size)
        width = embedding_size + code_size
        self.step = nn.GRU(width, hidden, batch_first=True) if memory else nn.Linear(width, hidden)
        self.start = nn.Linear(code_size, hidden) if code_size and memory else None
        self.output = nn.Linear(hidden + (code_size if skip else 0), vocabulary_size)

    def forward(self, inputs: Tensor, z: Tensor | None = None) -> Tensor:
        """Logits of the next word: inputs `[B, T]` and z `[S, B, D]` give `[S, B, T, V]`.

        Without z the sample axis is 1.
        """
        x = self.table(inputs).unsqueeze(0)  # [1, B, T, E]
        first = None
        if z is not None:
            beside = z.unsqueeze(-2).expand(-1, -1, inputs.shape[-1], -1)  # [S, B, T, D]
            x = torch.cat([x.expand(len(z), -1, -1, -1), beside], dim=-1)
            if self.start is not None:
                first = self.start(z).tanh().flatten(0, 1).unsqueeze(0)
        h = self.step(x.flatten(0, 1), first)[0] if self.memory else self.step(x).tanh()
        h = h.reshape(*x.shape[:-1], -1)
        return self.output(torch.cat([h, beside], dim=-1) if self.skip else h)


def sentence_log_prob(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """log p(x | z) of whole sentences, summed over their words and <eos>, nats, `[S, B]`.

    Args:
        logits: Of the next word, `[S, B, T, V]`.
        targets: Word numbers, `[B, T]`.
        mask: True where a word must be said, `[B, T]`.

    Example: two fair choices among four words, and padding.
        >>> targets = torch.tensor([[1, 2, 0]])
        >>> sentence_log_prob(torch.zeros(1, 1, 3, 4), targets, targets > 0)
        tensor([[-2.7726]])
    """
    S = len(logits)
    every = targets.expand(S, -1, -1)
    loss = cross_entropy(logits.flatten(0, 2), every.flatten(), reduction="none")
    return -(loss.view(every.shape) * mask).sum(-1)
