"""What a run has measured, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["History"]


class History:
    """One record of numbers per epoch.

    Example:
        >>> history = History()
        >>> history.append({"loss": 2.0, "accuracy": 0.3})
        >>> history.append({"loss": 1.5, "accuracy": 0.4})
        >>> history["accuracy"], len(history)
        ([0.3, 0.4], 2)
        >>> history[-1]
        {'loss': 1.5, 'accuracy': 0.4}
        >>> print(history)
        epoch 2: loss 1.5, accuracy 0.4
    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, float]] = []

    def append(self, numbers: Mapping[str, float]) -> None:
        """Add the record of an epoch."""
        self.epochs.append({name: float(value) for name, value in numbers.items()})

    def __len__(self) -> int:
        """Number of epochs."""
        return len(self.epochs)

    def __iter__(self) -> Iterator[dict[str, float]]:
        """The records, first epoch first."""
        return iter(self.epochs)

    def __getitem__(self, key: int | str) -> dict[str, float] | list[float]:
        """The record of an epoch, or one number over all epochs.

        Raises:
            KeyError: No epoch has recorded that number.
        """
        if isinstance(key, int):
            return self.epochs[key]
        if not any(key in numbers for numbers in self.epochs):
            raise KeyError(f"{key!r} was not recorded")
        return [numbers[key] for numbers in self.epochs if key in numbers]

    def __str__(self) -> str:
        """The last epoch in a line."""
        if not self.epochs:
            return "no epoch yet"
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in self.epochs[-1].items())
        return f"epoch {len(self)}: {numbers}"

    def state_dict(self) -> dict[str, list[dict[str, float]]]:
        """What a checkpoint keeps."""
        return {"epochs": [dict(numbers) for numbers in self.epochs]}

    def load_state_dict(self, state: dict[str, list[dict[str, float]]]) -> None:
        """Go on from a checkpoint."""
        self.epochs = [dict(numbers) for numbers in state["epochs"]]
