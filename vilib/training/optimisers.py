"""Adam, in its dense and its sparse form, side by side."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn
from torch.optim import Adam, Optimizer, SparseAdam

__all__ = ["Optimisers", "optimisers"]


class Optimisers:
    """Several optimisers that step as one, with one factor on all their learning rates.

    Args:
        members: The optimisers, over disjoint parameters.

    Example:
        >>> layer = nn.Linear(2, 1)
        >>> together = Optimisers([Adam(layer.parameters(), lr=0.1)])
        >>> together.scale(0.5)
        >>> together.members[0].param_groups[0]["lr"]
        0.05
    """

    def __init__(self, members: Iterable[Optimizer]) -> None:
        self.members = list(members)
        self.rates = [[group["lr"] for group in m.param_groups] for m in self.members]

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for member in self.members:
            member.zero_grad(set_to_none=True)

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for member in self.members:
            member.step()

    def scale(self, factor: float) -> None:
        """Set every learning rate to `factor` times its first value."""
        for member, rates in zip(self.members, self.rates, strict=True):
            for group, rate in zip(member.param_groups, rates, strict=True):
                group["lr"] = factor * rate

    def state_dict(self) -> dict[str, list[dict]]:
        """What a checkpoint keeps."""
        return {"members": [member.state_dict() for member in self.members]}

    def load_state_dict(self, state: dict[str, list[dict]]) -> None:
        """Go on from a checkpoint."""
        for member, saved in zip(self.members, state["members"], strict=True):
            member.load_state_dict(saved)


def optimisers(
    model: nn.Module,
    learning_rate: float,
    *,
    table_rate: float | None = None,
    selector_rate: float | None = None,
) -> Optimisers:
    """Adam for all parameters, SparseAdam for tables of word vectors.

    A table with sparse gradients is updated in the rows that the batch has touched; a dense Adam
    would rewrite all V rows, with their two moments, at every step.

    Args:
        model: The module.
        learning_rate: Of the classifier, and of all that is not named below.
        table_rate: Of tables with sparse gradients; None takes `learning_rate`.
        selector_rate: Of what lies in `model.selector`; None takes `learning_rate`.

    Source: D. Kingma and J. Ba, 2015, Adam: A Method for Stochastic Optimization,
    https://arxiv.org/abs/1412.6980

    Example:
        >>> import torch
        >>> from vilib.models import BagClassifier, embedding
        >>> both = optimisers(BagClassifier(embedding(torch.randn(4, 8))), 1e-3)
        >>> [type(member).__name__ for member in both.members]
        ['Adam', 'SparseAdam']
    """
    sparse = {
        id(m.weight): m.weight for m in model.modules() if isinstance(m, nn.Embedding) and m.sparse
    }
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and id(parameter) not in sparse:
            own = selector_rate if name.startswith("selector.") else None
            groups.setdefault(learning_rate if own is None else own, []).append(parameter)
    members: list[Optimizer] = []
    if groups:
        members.append(Adam([{"params": p, "lr": rate} for rate, p in groups.items()], fused=True))
    tables = [weight for weight in sparse.values() if weight.requires_grad]
    if tables:
        rate = learning_rate if table_rate is None else table_rate
        members.append(SparseAdam(tables, lr=rate))
    return Optimisers(members)
