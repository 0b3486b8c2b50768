"""The original notebook's way to train: batches of 25, padded in Python, dense Adam over all.

Written anew from its description, for comparison only: word vectors are gathered and multiplied by
z in full, the LSTMs run on packed sequences, one sample, rewards standardised by a running mean and
deviation, and each step reads its numbers out.

Source: the vitutorial exercises, W. Aziz, P. Schulz, J. Bastings et al.,
https://github.com/vitutorial/exercises
"""

from __future__ import annotations

import random

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

__all__ = ["OriginalSetting"]

BATCH = 25
PRIOR = 0.3


class PackedEncoder(nn.Module):
    """A bidirectional LSTM on packed sequences: states `[B, T, 2H]`, last states `[B, 2H]`."""

    def __init__(self, size: int, hidden: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(size, hidden, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        packed, (last, _) = self.lstm(pack_padded_sequence(x, mask.sum(1), batch_first=True))
        return pad_packed_sequence(packed, batch_first=True)[0], torch.cat([last[0], last[1]], -1)


class SumEncoder(nn.Module):
    """No encoder at all: the vectors `[B, T, E]` and their sum `[B, E]`."""

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        return x, (x * mask.unsqueeze(-1).float()).sum(1)


class OriginalSetting:
    """Trains in the original's way, `num_batches` at a call.

    Args:
        sentences: Word numbers of each sentence.
        labels: Their labels.
        table: Word vectors, `[V, E]`.
        trained: Whether the table is trained, by the same dense Adam.
        hidden: Width of an LSTM's direction; 0 for bags.
        num_batches: Batches per call.
    """

    def __init__(
        self,
        sentences: list[list[int]],
        labels: list[int],
        table: Tensor,
        *,
        trained: bool,
        hidden: int,
        num_batches: int,
    ) -> None:
        size, width = table.shape[1], 2 * hidden if hidden else table.shape[1]
        self.data = list(zip(sentences, labels))
        self.embed = nn.Embedding.from_pretrained(table.clone(), freeze=not trained, padding_idx=0)
        self.encoders = nn.ModuleList(
            PackedEncoder(size, hidden) if hidden else SumEncoder() for _ in range(2)
        )
        self.gate, self.output = nn.Linear(width, 1), nn.Linear(width, 5)
        modules = nn.ModuleList([self.embed, self.encoders, self.gate, self.output])
        self.adam = torch.optim.Adam([p for p in modules.parameters() if p.requires_grad], lr=1e-4)
        self.mean, self.deviation, self.num_batches = 0.0, 1.0, num_batches

    def __call__(self) -> int:
        """Train on `num_batches` random batches; the number of sentences."""
        for _ in range(self.num_batches):
            self.step(random.sample(self.data, BATCH))
        return self.num_batches * BATCH

    def step(self, rows: list[tuple[list[int], int]]) -> None:
        """One batch: pad, forward, backward, Adam."""
        rows = sorted(rows, key=lambda row: -len(row[0]))
        width = len(rows[0][0])
        x = torch.tensor([words + [0] * (width - len(words)) for words, _ in rows])
        y, mask = torch.tensor([label for _, label in rows]), x != 0
        states, _ = self.encoders[0](self.embed(x), mask)
        logits = self.gate(states).squeeze(-1)
        q = torch.distributions.Bernoulli(logits=logits, validate_args=False)
        z = q.sample() * mask
        _, summary = self.encoders[1](self.embed(x) * z.unsqueeze(-1), mask)
        log_prob = self.output(nn.functional.dropout(summary)).log_softmax(-1)
        log_likelihood = log_prob.gather(1, y.unsqueeze(1)).squeeze(1)
        prior = torch.distributions.Bernoulli(torch.full_like(logits, PRIOR), validate_args=False)
        kl = (torch.distributions.kl_divergence(q, prior) * mask).sum(-1)
        reward = ((log_likelihood - self.mean) / self.deviation).detach()
        score = reward * (q.log_prob(z) * mask).sum(-1)
        loss = -(log_likelihood + score - kl).mean()
        self.adam.zero_grad()
        loss.backward()
        self.adam.step()
        self.mean = 0.9 * self.mean + 0.1 * log_likelihood.mean().item()
        deviation = 0.9 * self.deviation + 0.1 * log_likelihood.std().item()
        self.deviation = max(1.0, deviation)
