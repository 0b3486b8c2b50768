"""Classifiers: networks that label a sentence by its selected words alone.

All map tokens `[B, T]`, mask `[B, T]` and z to logits: z `[S, B, T]` gives `[S, B, K]`, z `[B, T]`
gives `[B, K]`, and no z means that every word is read. What stands at padding changes nothing,
whatever z says there.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vilib.models.recurrent import BidirectionalLSTM

__all__ = ["BagClassifier", "LSTMClassifier"]


def selection(mask: Tensor, z: Tensor | None, like: Tensor) -> Tensor:
    """z with zeros at padding, `[S, B, T]`, in the dtype of `like`; ones on words if z is None."""
    words = mask.to(like.dtype)
    if z is None:
        return words.unsqueeze(0)
    return (z if z.dim() == 3 else z.unsqueeze(0)).to(like.dtype) * words


class BagClassifier(nn.Module):
    """Adds up the selected words: h = Σₜ zₜ xₜ / √max(1, Σₜ zₜ), then a tanh layer, then logits.

    The sum over words is one matrix product z `[S, T]` × x `[T, E]` a sentence, so S selections
    cost no copy of the word vectors. The root keeps h's size even between a few selected words and
    many.

    Args:
        table: Word vectors, V × E.
        hidden: Width of the hidden layer; 0 for none.
        num_classes: K.
        dropout: Probability to drop a unit, before and after the hidden layer.

    Example:
        >>> from vilib.models import embedding
        >>> classifier = BagClassifier(embedding(torch.randn(4, 8)))
        >>> tokens = torch.tensor([[2, 3, 0], [1, 3, 2]])
        >>> classifier(tokens, tokens > 0, torch.ones(6, 2, 3)).shape
        torch.Size([6, 2, 5])
    """

    def __init__(
        self, table: nn.Embedding, hidden: int = 100, num_classes: int = 5, dropout: float = 0.5
    ) -> None:
        super().__init__()
        size = table.embedding_dim
        self.table = table
        layer = [nn.Linear(size, hidden), nn.Tanh(), nn.Dropout(dropout)] if hidden else []
        output = nn.Linear(hidden or size, num_classes)
        self.head = nn.Sequential(nn.Dropout(dropout), *layer, output)

    def forward(self, tokens: Tensor, mask: Tensor, z: Tensor | None = None) -> Tensor:
        """Logits, `[S, B, K]` or `[B, K]`."""
        x = self.table(tokens)  # [B, T, E]
        weights = selection(mask, z, x)  # [S, B, T]
        total = torch.bmm(weights.transpose(0, 1), x).transpose(0, 1)  # [S, B, E]
        h = total / weights.sum(-1, keepdim=True).clamp_min(1).sqrt()
        logits = self.head(h)
        return logits if z is not None and z.dim() == 3 else logits.squeeze(0)


class LSTMClassifier(nn.Module):
    """Reads zₜ xₜ in both directions and labels the two last states.

    An unselected word is a vector of zeros: that something stood there can be seen, not what.

    Args:
        table: Word vectors, V × E.
        hidden: Width of one direction.
        num_classes: K.
        dropout: Probability to drop a unit of the last states.

    Example:
        >>> from vilib.models import embedding
        >>> classifier = LSTMClassifier(embedding(torch.randn(4, 8)), hidden=8)
        >>> tokens = torch.tensor([[2, 3, 0], [1, 3, 2]])
        >>> classifier(tokens, tokens > 0, torch.ones(6, 2, 3)).shape
        torch.Size([6, 2, 5])
    """

    def __init__(
        self, table: nn.Embedding, hidden: int = 200, num_classes: int = 5, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.table = table
        self.encode = BidirectionalLSTM(table.embedding_dim, hidden)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * hidden, num_classes))

    def forward(self, tokens: Tensor, mask: Tensor, z: Tensor | None = None) -> Tensor:
        """Logits, `[S, B, K]` or `[B, K]`."""
        x = self.table(tokens)  # [B, T, E]
        weights = selection(mask, z, x)  # [S, B, T]
        read = (weights.unsqueeze(-1) * x).flatten(0, 1)  # [S·B, T, E]
        _, final = self.encode(read, mask.repeat(len(weights), 1))
        logits = self.head(final.unflatten(0, weights.shape[:2]))
        return logits if z is not None and z.dim() == 3 else logits.squeeze(0)
