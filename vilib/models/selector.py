"""Selectors: networks that give every word a logit, how much it asks to be read.

All map tokens `[B, T]` and mask `[B, T]` to logits `[B, T]`, start by selecting everything, and
look at a table of word vectors that a classifier may share. What stands at padding changes no
word's logit; the logit at padding itself means nothing.
"""

from __future__ import annotations

from torch import Tensor, nn

from vilib.models.recurrent import BidirectionalLSTM

__all__ = ["BagSelector", "ConvolutionSelector", "LSTMSelector"]

# σ(3) = .95: the classifier first learns from nearly all words, and only then words are taken away
OPEN = 3.0


def head(size: int) -> nn.Linear:
    """A linear layer `[…, size]` → `[…, 1]` that starts near the logit 3."""
    layer = nn.Linear(size, 1)
    nn.init.constant_(layer.bias, OPEN)
    return layer


class BagSelector(nn.Module):
    """Looks at one word at a time: aₜ = uᵀ tanh(W xₜ + c) + 3; without hidden layer uᵀ xₜ + 3.

    Args:
        table: Word vectors, V × E.
        hidden: Width of the hidden layer; 0 for none.

    Example:
        >>> import torch
        >>> from vilib.models import embedding
        >>> tokens = torch.tensor([[2, 1, 0]])
        >>> BagSelector(embedding(torch.randn(3, 4)))(tokens, tokens > 0).shape
        torch.Size([1, 3])
    """

    def __init__(self, table: nn.Embedding, hidden: int = 64) -> None:
        super().__init__()
        size = table.embedding_dim
        self.table = table
        self.encode = nn.Sequential(nn.Linear(size, hidden), nn.Tanh()) if hidden else nn.Identity()
        self.head = head(hidden or size)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Logits, `[B, T]`."""
        return self.head(self.encode(self.table(tokens))).squeeze(-1)


class ConvolutionSelector(nn.Module):
    """Looks at a word and its neighbours: aₜ = uᵀ tanh(Σⱼ Wⱼ xₜ₊ⱼ + c) + 3, |j| ≤ width // 2.

    Args:
        table: Word vectors, V × E.
        hidden: Number of filters.
        width: Words that a filter sees, odd.

    Raises:
        ValueError: The width is even, so that no word stands in the middle.

    Example:
        >>> import torch
        >>> from vilib.models import embedding
        >>> tokens = torch.tensor([[2, 1, 0]])
        >>> ConvolutionSelector(embedding(torch.randn(3, 4)))(tokens, tokens > 0).shape
        torch.Size([1, 3])
    """

    def __init__(self, table: nn.Embedding, hidden: int = 64, width: int = 3) -> None:
        super().__init__()
        if width % 2 == 0:
            raise ValueError(f"width is {width}, expected an odd number")
        self.table = table
        self.filters = nn.Conv1d(table.embedding_dim, hidden, width, padding=width // 2)
        self.head = head(hidden)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Logits, `[B, T]`."""
        # zeros at padding: a sentence's end looks the same in every batch
        x = self.table(tokens) * mask.unsqueeze(-1)
        h = self.filters(x.transpose(1, 2)).tanh().transpose(1, 2)
        return self.head(h).squeeze(-1)


class LSTMSelector(nn.Module):
    """Looks at the whole sentence: aₜ = uᵀ hₜ + 3, h from an LSTM in both directions.

    Args:
        table: Word vectors, V × E.
        hidden: Width of one direction.

    Example:
        >>> import torch
        >>> from vilib.models import embedding
        >>> tokens = torch.tensor([[2, 1, 0]])
        >>> LSTMSelector(embedding(torch.randn(3, 4)), hidden=8)(tokens, tokens > 0).shape
        torch.Size([1, 3])
    """

    def __init__(self, table: nn.Embedding, hidden: int = 200) -> None:
        super().__init__()
        self.table = table
        self.encode = BidirectionalLSTM(table.embedding_dim, hidden)
        self.head = head(2 * hidden)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Logits, `[B, T]`."""
        states, _ = self.encode(self.table(tokens), mask)
        return self.head(states).squeeze(-1)
