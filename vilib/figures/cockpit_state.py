"""What the cockpit shows: one run of a sentence VAE, as far as it has gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["State", "state_of"]


@dataclass(frozen=True, eq=False)
class State:
    """The history of a run, and how much of it is shown. N measurements.

    Attributes:
        name: Of the run: its cures in words.
        steps: Steps taken at each measurement, increasing, `[N]`.
        betas: Weight of the rate before each, `[N]`.
        rates: KL(q(z|x)‖p(z)) in nats, `[N]`.
        nelbos: Rate + distortion in nats, whatever was minimised, `[N]`.
        active: Number of active units, `[N]`.
        num_units: D, the dimensions of the code.
        entropy: Of the language, in nats a sentence; NaN where nobody knows it.
        control: −log p(x) of the language model without a code, in nats.
        shown: How many measurements are shown, from 1 to N.
    """

    name: str
    steps: np.ndarray
    betas: np.ndarray
    rates: np.ndarray
    nelbos: np.ndarray
    active: np.ndarray
    num_units: int
    entropy: float
    control: float
    shown: int

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        N = len(self.steps)
        others = (self.betas, self.rates, self.nelbos, self.active)
        if not N or any(array.shape != (N,) for array in others):
            raise ValueError(f"β, rate, nelbo and active units need {N} entries each, at least one")
        if not 1 <= self.shown <= N:
            raise ValueError(f"shown must be between 1 and {N}, got {self.shown}")

    @property
    def now(self) -> int:
        """Index of the last measurement that is shown."""
        return self.shown - 1

    @property
    def distortions(self) -> np.ndarray:
        """−E_q[log p(x|z)] in nats, `[N]`."""
        return self.nelbos - self.rates

    def rounded(self) -> tuple[float, float, float]:
        """Distortion, rate and −ELBO of now, rounded so that the first two add up as written.

        Example:
            >>> one = np.array([1.0])
            >>> State("", one, one, np.array([2.126]), np.array([18.117]), one, 4, 16.6, 17, 1) \\
            ...     .rounded()
            (15.99, 2.13, 18.12)
        """
        rate, nelbo = (round(float(series[self.now]), 2) for series in (self.rates, self.nelbos))
        return round(nelbo - rate, 2), rate, nelbo


def state_of(
    name: str,
    history: list[dict[str, float]],
    stretch: int,
    num_units: int,
    entropy: float,
    control: float,
) -> State:
    """A whole run, from its history.

    Args:
        name: Of the run.
        history: The measurements: "beta", "dev_rate", "dev_nelbo" and "active" of each.
        stretch: Steps between two of them.
        num_units: D.
        entropy: Of the language, nats.
        control: −log p(x) of the language model, nats.

    Example:
        >>> row = {"beta": 1.0, "dev_rate": 0.1, "dev_nelbo": 17.0, "active": 1.0}
        >>> state_of("plain", [row, row], 25, 16, 16.6, 16.9).steps.tolist()
        [25, 50]
    """
    columns = {
        key: np.array([row[key] for row in history])
        for key in ("beta", "dev_rate", "dev_nelbo", "active")
    }
    return State(
        name=name,
        steps=stretch * np.arange(1, len(history) + 1),
        betas=columns["beta"],
        rates=columns["dev_rate"],
        nelbos=columns["dev_nelbo"],
        active=columns["active"],
        num_units=num_units,
        entropy=entropy,
        control=control,
        shown=len(history),
    )
