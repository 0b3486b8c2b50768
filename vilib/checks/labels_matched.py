"""Which component plays the part of which label: the numbers of components mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import permutations

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from vilib.checks.careful import careful
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed

__all__ = ["agreement", "best_order", "labels_are_matched"]

WHAT = "the order of the components"


@careful
def labels_are_matched(
    match_labels: Callable[[Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_components: int = 4,
    num_documents: int = 14,
) -> None:
    """The one-to-one order with the largest expected agreement, and that it follows a relabelling.

    Args:
        match_labels: The learner's function: responsibilities `[B, K]`, labels `[B]` → order
            `[K]`, the component for each label.
        seed: Draws responsibilities and labels.
        num_components: K, at least 3.
        num_documents: B.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> labels_are_matched(lambda q, labels: torch.arange(4), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the order of the components is not right: ...
    """
    q, labels = telling_case(seed, num_components, num_documents)
    truth = best_order(agreement(q, labels))
    judge(match_labels(q.clone(), labels.clone()), truth, q, labels)
    generator = torch.Generator().manual_seed(seed)
    shuffle = torch.randperm(num_components, generator=generator)
    # what was component shuffle[j] is now component j
    moved = match_labels(q[:, shuffle].contiguous(), labels.clone())
    back = shuffle[as_value(WHAT, moved, truth).long()]
    if not torch.equal(back, truth):
        why = "it does not follow when the components are renumbered"
        raise Mistake(WHAT, why, yours=moved, expected=shuffle.argsort()[truth])
    passed(f"{num_components} components, each matched to a label, however they are numbered")


def agreement(q: Tensor, labels: Tensor) -> Tensor:
    """Expected number of documents with label c in component k, `[C, K]`."""
    return one_hot(labels, q.shape[1]).to(q.dtype).T @ q


def best_order(table: Tensor) -> Tensor:
    """The permutation with the largest sum, `[K]`, by trying all."""
    rows = torch.arange(len(table))
    orders = every_order(len(table))
    return orders[table[rows, orders].sum(-1).argmax()]


@lru_cache
def every_order(K: int) -> Tensor:
    """All permutations, `[K!, K]`."""
    return torch.tensor(list(permutations(range(K))))


def telling_case(seed: int, K: int, B: int) -> tuple[Tensor, Tensor]:
    """Responsibilities and labels for which every known mistake gives another answer.

    With four components or more the mistakes differ from each other, too: there are 24 orders.
    """
    generator = torch.Generator().manual_seed(seed)
    rows, orders = torch.arange(K), every_order(K)
    while True:
        q = (1.5 * torch.randn(B, K, generator=generator, dtype=torch.double)).softmax(-1)
        labels = torch.cat([torch.arange(K), torch.randint(K, (B - K,), generator=generator)])
        table = agreement(q, labels)
        # an argmax that happens to be one to one is the best order, and would tell nothing
        if len(set(table.argmax(-1).tolist())) == K:
            continue
        first, second = table[rows, orders].sum(-1).topk(2).values
        # rounding must not decide
        if first - second < 1e-3:
            continue
        known = mistakes(q, labels).values()
        wrong = {tuple(other.tolist()) for other in known}
        apart = K < 4 or len(wrong) == len(known)
        if apart and tuple(best_order(table).tolist()) not in wrong:
            return q, labels


def mistakes(q: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the order, `[K]`."""
    table, K = agreement(q, labels), q.shape[1]
    truth = best_order(table)
    return {
        "it is the inverse: position c should hold the component for label c": truth.argsort(),
        "it is the worst order, not the best": best_order(-table),
        "one component is given to two labels: the match must be one to one": table.argmax(-1),
        "it is greedy: label by label, the best that is left": greedy(table),
        "it counts likeliest components; sum the responsibilities": (
            best_order(agreement(one_hot(q.argmax(-1), K).double(), labels))
        ),
        "it leaves the components as they are": torch.arange(K),
        "components are sorted by size; that says nothing about labels": (
            q.sum(0).argsort(descending=True)
        ),
        "rare labels count as much as common ones: sum over documents, do not average": (
            best_order(table / table.sum(-1, keepdim=True))
        ),
    }


def further_mistakes(q: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """What is named if none of `mistakes` fits; these may happen to be right."""
    table = agreement(q, labels)
    pairs, left = torch.zeros(len(table), dtype=torch.long), table.clone()
    for _ in table:
        label, component = divmod(int(left.argmax()), len(left))
        pairs[label] = component
        left[label], left[:, component] = -torch.inf, -torch.inf
    return {
        "one label is given to two components: the match must be one to one": table.argmax(0),
        "it is greedy: the best pair that is left": pairs,
        "it is greedy: component by component, the best label that is left": (
            greedy(table.T).argsort()
        ),
        "it sums logarithms of responsibilities; sum the responsibilities": (
            best_order(agreement(q.log(), labels))
        ),
        "it multiplies agreements: add them": best_order(table.log()),
        "large components count as little as small ones: sum, do not average": (
            best_order(table / table.sum(0))
        ),
    }


def greedy(table: Tensor) -> Tensor:
    """Label by label, the best component that is left, `[K]`."""
    left, order = table.clone(), []
    for row in left:
        order.append(int(row.argmax()))
        left[:, order[-1]] = -torch.inf
    return torch.tensor(order)


def judge(yours: object, truth: Tensor, q: Tensor, labels: Tensor) -> None:
    """Raise a `Mistake` that names what was matched instead."""
    value = as_value(WHAT, yours, truth)
    if value.shape == truth.shape and torch.equal(value.detach().double(), truth.double()):
        if value.is_floating_point():
            raise Mistake(WHAT, "its entries are floats; an index is an integer", yours=value)
        return
    if value.shape != truth.shape:
        why = f"its shape is {tuple(value.shape)}, not {tuple(truth.shape)}"
        raise Mistake(WHAT, why, yours=value, expected=truth)
    for why, wrong in (mistakes(q, labels) | further_mistakes(q, labels)).items():
        if torch.equal(value.detach().double(), wrong.double()):
            raise Mistake(WHAT, why, yours=value, expected=truth)
    raise Mistake(WHAT, "another order agrees with more documents", yours=value, expected=truth)
