"""What is kept of a long run in `data/results/`: where it was made, and its numbers."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import torch

import vilib

__all__ = ["circumstances", "keep"]

RESULTS = Path(__file__).parent.parent / "data" / "results"


def circumstances(device: str = "cpu") -> dict[str, str | int | dict[str, str]]:
    """Date, versions, device and threads.

    Example:
        >>> sorted(circumstances()["versions"])
        ['python', 'torch', 'vilib']
    """
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {
            "vilib": vilib.__version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "device": device,
        "threads": torch.get_num_threads(),
    }


def keep(unit: str, found: Mapping) -> None:
    """Write `data/results/UNIT.json`, and say so."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{unit}.json"
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: data/results/{path.name}")
