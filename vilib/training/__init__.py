"""Training: one loop, its history, early stop, checkpoints and a quiet progress line."""

from vilib.training.checkpoint import Checkpoint
from vilib.training.early_stop import EarlyStop
from vilib.training.history import History
from vilib.training.loop import train
from vilib.training.optimisers import Optimisers, optimisers
from vilib.training.progress import Progress

__all__ = [
    "Checkpoint",
    "EarlyStop",
    "History",
    "Optimisers",
    "Progress",
    "optimisers",
    "train",
]
