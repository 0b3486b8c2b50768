"""Write a run to a file and go on from it, exactly."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import torch

__all__ = ["Checkpoint", "Stateful"]


class Stateful(Protocol):
    """Whatever has a state: modules, optimisers, `SelectionRate`, `History`, `EarlyStop`."""

    def state_dict(self) -> dict:
        """Tensors and plain values."""

    def load_state_dict(self, state: dict) -> object:
        """Take them back."""


class Checkpoint:
    """The states of named things, and of the random numbers, in one file.

    The file holds tensors and plain values only, and is read with `weights_only=True`: a checkpoint
    from a stranger can run no code. It is written beside its place and then moved there, so that an
    interruption leaves the old one whole.

    Args:
        path: The file.
        things: Name → thing with a state: the model, and whatever else has one.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     layer = torch.nn.Linear(2, 1)
        ...     checkpoint = Checkpoint(Path(folder) / "run.pt", {"model": layer})
        ...     checkpoint.save()
        ...     before = layer.weight.detach().clone()
        ...     _ = torch.nn.init.zeros_(layer.weight)
        ...     checkpoint.load()
        ...     bool((layer.weight == before).all())
        True
    """

    def __init__(self, path: str | Path, things: Mapping[str, Stateful]) -> None:
        self.path, self.things = Path(path), dict(things)

    def exists(self) -> bool:
        """Whether there is something to go on from."""
        return self.path.is_file()

    def save(self, generator: torch.Generator | None = None, **more: Stateful) -> None:
        """Write the states of all things, of torch's random numbers and of a generator.

        Args:
            generator: A generator that the run draws from besides torch's own.
            more: Further things, as the training loop's history and optimisers.
        """
        state = {name: thing.state_dict() for name, thing in (self.things | more).items()}
        random = {"cpu": torch.get_rng_state()}
        if torch.cuda.is_available():
            random["cuda"] = torch.cuda.get_rng_state_all()
        if generator is not None:
            random["generator"] = generator.get_state()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(self.path.name + ".part")
        torch.save({"things": state, "random": random}, beside)
        os.replace(beside, self.path)

    def load(self, generator: torch.Generator | None = None, **more: Stateful) -> None:
        """Give all things and the random numbers the state of the file.

        Tensors land where the things' own tensors are, on whatever device the file was written.

        Raises:
            FileNotFoundError: There is no such file.
            KeyError: The file lacks one of the things.
        """
        saved = torch.load(self.path, map_location="cpu", weights_only=True)
        for name, thing in (self.things | more).items():
            if name not in saved["things"]:
                raise KeyError(f"{self.path.name} holds no {name!r}")
            thing.load_state_dict(saved["things"][name])
        random = saved["random"]
        torch.set_rng_state(random["cpu"])
        if torch.cuda.is_available() and "cuda" in random:
            torch.cuda.set_rng_state_all(random["cuda"])
        if generator is not None:
            generator.set_state(random["generator"])
