"""Epochs cut into stretches, so that a run can be measured more often than once an epoch."""

from __future__ import annotations

from collections.abc import Iterator

from vilib.datasets.batches import Batch, Batches

__all__ = ["Stretches"]


class Stretches:
    """The same batches in the same kind of order, `size` of them an iteration.

    Where one iteration ends the next goes on; when all sentences have been seen, they are shuffled
    again. The place in the epoch is kept in the object, so it serves one run.

    Args:
        batches: What to cut.
        size: Batches in a stretch.

    Raises:
        ValueError: The size is below 1.

    Example: three batches, two at a time.
        >>> from vilib.datasets import encode_text, text_vocabulary
        >>> sentences = [("a",), ("a", "b"), ("a", "b", "c")]
        >>> corpus = encode_text(sentences, text_vocabulary(sentences))
        >>> stretches = Stretches(Batches(corpus, 1, shuffle=False), 2)
        >>> [[int(batch.index) for batch in stretches] for _ in range(3)]
        [[0, 1], [2, 0], [1, 2]]
    """

    def __init__(self, batches: Batches, size: int) -> None:
        if size < 1:
            raise ValueError(f"size is {size}, expected at least 1")
        self.batches, self.size = batches, size
        self.rest: Iterator[Batch] = iter(())

    def __len__(self) -> int:
        """Batches in a stretch."""
        return self.size

    def __iter__(self) -> Iterator[Batch]:
        """One stretch."""
        for _ in range(self.size):
            batch = next(self.rest, None)
            if batch is None:
                self.rest = iter(self.batches)
                batch = next(self.rest)
            yield batch
