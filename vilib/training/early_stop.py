"""Stop when the development set says so, and keep the best."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from torch import nn

__all__ = ["EarlyStop"]


class EarlyStop:
    """Stops after `patience` epochs without a better `metric`, and can give the best weights back.

    Args:
        metric: Name of the number to watch, as in the history.
        patience: Epochs without improvement that are borne.
        higher_is_better: True for an accuracy or an ELBO, False for a loss.
        keep: The module whose best weights are kept; None keeps nothing.

    Attributes:
        best: Best value so far; None before the first epoch.
        best_epoch: Its epoch, from 1.

    Raises:
        ValueError: The patience is below 1.

    Example:
        >>> stop = EarlyStop("accuracy", patience=2)
        >>> [stop.update({"accuracy": a}) for a in (0.3, 0.4, 0.35, 0.4)]
        [False, False, False, True]
        >>> stop.best, stop.best_epoch
        (0.4, 2)
    """

    def __init__(
        self,
        metric: str,
        patience: int,
        *,
        higher_is_better: bool = True,
        keep: nn.Module | None = None,
    ) -> None:
        if patience < 1:
            raise ValueError(f"patience is {patience}, expected 1 or more epochs")
        self.metric, self.patience = metric, patience
        self.higher_is_better, self.keep = higher_is_better, keep
        self.reset()

    def reset(self) -> None:
        """Forget all epochs."""
        self.best: float | None = None
        self.best_epoch, self.epoch = 0, 0
        self.best_state: dict | None = None

    def update(self, numbers: Mapping[str, float]) -> bool:
        """Note an epoch; True if training should stop.

        Raises:
            KeyError: The metric is not among the epoch's numbers.
        """
        if self.metric not in numbers:
            raise KeyError(f"{self.metric!r} is not recorded; there is {', '.join(numbers)}")
        value, self.epoch = float(numbers[self.metric]), self.epoch + 1
        sign = 1 if self.higher_is_better else -1
        if self.best is None or sign * value > sign * self.best:
            self.best, self.best_epoch = value, self.epoch
            if self.keep is not None:
                self.best_state = copy.deepcopy(self.keep.state_dict())
        return self.finished

    @property
    def finished(self) -> bool:
        """Whether the patience is used up."""
        return self.epoch - self.best_epoch >= self.patience

    def restore(self) -> None:
        """Give the kept module its best weights; does nothing if none were kept."""
        if self.keep is not None and self.best_state is not None:
            self.keep.load_state_dict(self.best_state)

    def state_dict(self) -> dict[str, object]:
        """What a checkpoint keeps."""
        names = ("best", "best_epoch", "epoch", "best_state")
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Go on from a checkpoint."""
        for name, value in state.items():
            setattr(self, name, value)
