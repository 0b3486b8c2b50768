"""One step of an optimiser that belongs to an estimator, unseen by the user's own."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer

__all__: list[str] = []


def own_step(optimiser: Optimizer, parameters: Sequence[Tensor], loss: Tensor) -> None:
    """One step down the loss `[]`, after which every `.grad` is what it was before.

    A gradient left behind would be applied once more by the optimiser of a model that holds these
    parameters too; and `loss.backward()` would reach parameters that are none of ours.

    Args:
        optimiser: Of the parameters.
        parameters: All that it trains.
        loss: What shall fall.
    """
    before = [parameter.grad for parameter in parameters]
    for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = slope
    optimiser.step()
    for parameter, grad in zip(parameters, before):
        parameter.grad = grad
