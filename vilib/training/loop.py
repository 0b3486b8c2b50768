"""The one training loop of the course."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from typing import Protocol

import torch
from torch import Tensor

from vilib.training.checkpoint import Checkpoint
from vilib.training.early_stop import EarlyStop
from vilib.training.history import History
from vilib.training.optimisers import Optimisers
from vilib.training.progress import Progress

__all__ = ["Objective", "train"]

Objective = Callable[[object], Mapping[str, Tensor | float]]


class SizedIterable(Sized, Iterable, Protocol):
    """Batches that can be counted and gone through anew, such as `vilib.datasets.Batches`."""


def train(
    objective: Objective,
    batches: SizedIterable,
    optimisers: Optimisers,
    num_epochs: int,
    *,
    evaluate: Callable[[], Mapping[str, float]] | None = None,
    schedule: Callable[[float], float] | None = None,
    stop: EarlyStop | None = None,
    checkpoint: Checkpoint | None = None,
    name: str = "training",
    progress: bool = True,
    said: Sequence[str] = (),
) -> History:
    """Go through the batches `num_epochs` times; each batch is one step downhill.

    The loop holds no state of its own: everything that changes is in its arguments and in the
    history. With a `checkpoint` it saves after every epoch, and goes on from the file where there
    is one, drawing the same random numbers as a run that was never interrupted.

    Args:
        objective: Maps a batch to numbers, among them "loss" `[]`, which is minimised; the others
            are recorded.
        batches: One iteration is an epoch. Its `generator`, where it has one, is saved with the
            checkpoint.
        optimisers: Of `vilib.training.optimisers`.
        num_epochs: How often to go through the batches.
        evaluate: Called after every epoch; its numbers are recorded beside the means of the
            objective's.
        schedule: Maps the share of the run that is over, in [0, 1), to a factor on all learning
            rates.
        stop: Stops early on one of the recorded numbers, and gives the best weights back.
        checkpoint: Where to save and to go on from.
        name: What runs, for the progress line.
        progress: Whether to show that line.
        said: Which of the recorded numbers stand in it; all by default.

    Returns:
        History: Per epoch the means of the objective's numbers, those of `evaluate`, and
            "cpu_seconds".

    Raises:
        FloatingPointError: The mean loss of an epoch is not finite.
        KeyError: The objective gives no "loss".

    Example: least squares.
        >>> from torch.utils.data import DataLoader, TensorDataset
        >>> from vilib.training import optimisers
        >>> _ = torch.manual_seed(1)
        >>> x = torch.randn(64, 2)
        >>> layer, batches = torch.nn.Linear(2, 1), DataLoader(TensorDataset(x, x.sum(1)), 16)
        >>> def objective(batch):
        ...     return {"loss": ((layer(batch[0]).squeeze(1) - batch[1]) ** 2).mean()}
        >>> history = train(objective, batches, optimisers(layer, 0.1), 30, progress=False)
        >>> len(history), history["loss"][-1] < 1e-3
        (30, True)
    """
    history, generator = History(), getattr(batches, "generator", None)
    states = {"history": history, "optimisers": optimisers} | ({"stop": stop} if stop else {})
    if checkpoint is not None and checkpoint.exists():
        checkpoint.load(generator, **states)
    steps = len(batches)
    with Progress(num_epochs * steps, name, shown=progress) as bar:
        bar.advance(len(history) * steps)
        while len(history) < num_epochs and not (stop and stop.finished):
            started = time.process_time()
            shares = [(len(history) + step / steps) / num_epochs for step in range(steps)]
            factors = [schedule(share) for share in shares] if schedule else None
            numbers = one_epoch(objective, batches, optimisers, factors, bar)
            seconds = time.process_time() - started
            history.append({**numbers, **(evaluate() if evaluate else {}), "cpu_seconds": seconds})
            bar.say(summary(history, said))
            if stop is not None:
                stop.update(history[-1])
            if checkpoint is not None:
                checkpoint.save(generator, **states)
    if stop is not None:
        stop.restore()
    return history


def one_epoch(
    objective: Objective,
    batches: Iterable,
    optimisers: Optimisers,
    factors: Sequence[float] | None,
    bar: Progress,
) -> dict[str, float]:
    """One pass; the means of the objective's numbers over the batches."""
    totals: dict[str, Tensor] = {}
    count = 0
    for batch in batches:
        if factors is not None:
            optimisers.scale(factors[count])
        numbers = objective(batch)
        optimisers.zero_grad()
        numbers["loss"].backward()
        optimisers.step()
        for key, value in numbers.items():
            # kept on the device: reading a number out at every step would make a GPU wait
            totals[key] = totals.get(key, 0.0) + torch.as_tensor(value).detach()
        count += 1
        bar.advance()
    means = {key: float(value) / count for key, value in totals.items()}
    if not abs(means["loss"]) < float("inf"):
        raise FloatingPointError(f"the loss is {means['loss']} in this epoch")
    return means


def summary(history: History, said: Sequence[str] = ()) -> str:
    """The last epoch in a few words; what depends on the machine's speed is left out."""
    shown = History()
    shown.epochs = [
        {k: v for k, v in e.items() if k != "cpu_seconds" and (k in said or not said)}
        for e in history
    ]
    return str(shown)
