"""Three coins in a bag: the smallest mixture model, and the flips of twelve rounds."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import Bernoulli

from vilib.datasets.download import verify
from vilib.datasets.record import DatasetRecord
from vilib.datasets.registry import embedded, entry
from vilib.datasets.unpack import decode

__all__ = ["Coins", "coins"]

PRIOR = (0.5, 0.3, 0.2)
HEADS = (0.5, 0.8, 0.15)


@dataclass(frozen=True)
class Coins:
    """A coin is drawn and flipped N times: z ~ Categorical(prior), x_i | z ~ Bernoulli(heads_z).

    Args:
        prior: Probability of each coin, `[3]` float64.
        heads: Probability of heads of each coin, `[3]` float64.
        flips: 1 for heads, B rounds of N flips, `[B, N]` float64.
        coin: The coin that was really in each round, `[B]` int64. Not for inference.
        record: Where the flips come from.

    Example:
        >>> data = coins()
        >>> data.flips.shape, data.log_joint(torch.arange(3)).shape
        (torch.Size([12, 10]), torch.Size([3, 12]))
    """

    prior: Tensor
    heads: Tensor
    flips: Tensor
    coin: Tensor
    record: DatasetRecord

    def log_joint(self, coin: Tensor) -> Tensor:
        """log p(x, z) of every round, `[N]` → `[N, B]`, in nats.

        Args:
            coin: Coins z, numbered 0 to 2, `[N]` of any dtype.
        """
        z = coin.long()
        likelihood = Bernoulli(self.heads[z, None, None]).log_prob(self.flips).sum(-1)
        return self.prior[z].log()[:, None] + likelihood


def coins() -> Coins:
    """The coins and the flips that ship with the course.

    Raises:
        DataError: The file is missing or damaged.

    Example:
        >>> coins().record.split_sizes, coins().record.origin
        ({'all': 12}, 'embedded')
    """
    known = entry("coins")
    content = embedded(known.file.name).read_bytes()
    verify(content, known.file, known.file.name)
    rows = list(csv.DictReader(decode(content, known.file.name).splitlines()))
    flips = [[float(side == "H") for side in row["flips"]] for row in rows]
    return Coins(
        prior=torch.tensor(PRIOR, dtype=torch.double),
        heads=torch.tensor(HEADS, dtype=torch.double),
        flips=torch.tensor(flips, dtype=torch.double),
        coin=torch.tensor([int(row["coin"]) for row in rows]),
        record=known.record({"all": rows}, "embedded"),
    )
