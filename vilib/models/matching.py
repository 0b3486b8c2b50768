"""Give each label a component of its own."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import one_hot

__all__ = ["matched_accuracy", "matched_order"]


def matched_order(responsibilities: Tensor, labels: Tensor) -> Tensor:
    """The component for each label, one to one, that agrees with the most documents.

        maximise ∑_b q_b,order[y_b] over permutations

    The numbers of a mixture's components mean nothing: before they are compared with labels, or
    with another run, somebody has to say which is which.

    Args:
        responsibilities: q, `[B, K]`.
        labels: y, `[B]`, numbers below K.

    Returns:
        The order, `[K]` int64.

    Source: H. W. Kuhn, 1955, The Hungarian Method for the Assignment Problem,
        https://doi.org/10.1002/nav.3800020109; by scipy.

    Example:
        >>> q = torch.tensor([[0.1, 0.9], [0.2, 0.8], [0.7, 0.3]])
        >>> matched_order(q, torch.tensor([0, 0, 1]))
        tensor([1, 0])
    """
    # imported here, because the import takes half a second
    from scipy.optimize import linear_sum_assignment

    agreement = one_hot(labels, responsibilities.shape[1]).to(responsibilities).T @ responsibilities
    _, order = linear_sum_assignment(agreement.cpu().numpy(), maximize=True)
    return torch.as_tensor(order, device=responsibilities.device)


def matched_accuracy(responsibilities: Tensor, labels: Tensor) -> float:
    """Share of documents whose likeliest component is that of their label, after matching.

    Args:
        responsibilities: q, `[B, K]`.
        labels: y, `[B]`.

    Example:
        >>> q = torch.tensor([[0.1, 0.9], [0.2, 0.8], [0.7, 0.3]])
        >>> matched_accuracy(q, torch.tensor([0, 0, 1]))
        1.0
    """
    order = matched_order(responsibilities, labels)
    return float((responsibilities[:, order].argmax(-1) == labels).double().mean())
