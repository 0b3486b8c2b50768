"""Training steps as work that can be counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torch import Tensor, nn

__all__ = ["density_step", "repeated"]

STEPS = 40  # for one measurement


def repeated(parameters: Iterable[nn.Parameter], loss: Callable[[], Tensor]) -> Callable[[], int]:
    """A function that computes `loss` and its gradient `STEPS` times."""
    parameters = list(parameters)

    def run() -> int:
        for _ in range(STEPS):
            for parameter in parameters:
                parameter.grad = None
            loss().backward()
        return STEPS

    return run


def density_step(
    parameters: Iterable[nn.Parameter], log_prob: Callable[[Tensor], Tensor], data: Tensor
) -> Callable[[], int]:
    """Maximum likelihood of the data."""
    return repeated(parameters, lambda: -log_prob(data).mean())
