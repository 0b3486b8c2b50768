"""The sizes at which the experiments of unit 05 run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DISCRETE_PRESETS", "DiscretePreset"]


@dataclass(frozen=True)
class DiscretePreset:
    """A linear autoencoder with a discrete code, and how it is trained.

    Args:
        data: Loader of `vilib.datasets`.
        num_variables: D.
        num_categories: K faces of each die; None for bits.
        batch_size: B.
        num_samples: S, calls of the decoder per picture and step.
        learning_rate: Of Adam.
        num_steps: Rounded to whole epochs.

    Example:
        >>> DISCRETE_PRESETS["class", "bits"].num_variables
        64
        >>> DISCRETE_PRESETS["paper", "bits"].num_variables
        200
    """

    data: Literal["digits", "mnist"] = "digits"
    num_variables: int = 64
    num_categories: int | None = None
    batch_size: int = 100
    num_samples: int = 4
    learning_rate: float = 1e-2
    num_steps: int = 4000

    def epochs(self, num_batches: int) -> int:
        """Epochs of `num_batches` batches that come nearest to `num_steps`, at least one.

        Example:
            >>> DiscretePreset(num_steps=4000).epochs(13)
            308
        """
        return max(1, round(self.num_steps / num_batches))


# "class": five to eight CPU seconds a model, one thread. "paper": a GPU; 200 bits and one linear
# layer as in Grathwohl et al. (2018), 30 dice with ten faces as in Jang et al. (2017)
DISCRETE_PRESETS: dict[tuple[str, str], DiscretePreset] = {
    ("class", "bits"): DiscretePreset(),
    ("class", "few bits"): DiscretePreset(num_variables=8),
    ("class", "dice"): DiscretePreset(
        num_variables=8, num_categories=8, num_samples=2, num_steps=2000
    ),
    ("paper", "bits"): DiscretePreset("mnist", 200, learning_rate=1e-3, num_steps=1_000_000),
    ("paper", "few bits"): DiscretePreset("mnist", 10, learning_rate=1e-3, num_steps=100_000),
    ("paper", "dice"): DiscretePreset("mnist", 30, 10, learning_rate=1e-3, num_steps=500_000),
}
