"""Results that a benchmark has recorded, for lessons to show beside their own run."""

from __future__ import annotations

import json

from vilib.datasets.registry import embedded

__all__ = ["recorded"]


def recorded(name: str) -> dict:
    """What `data/results/<name>.json` holds: settings, versions, date and numbers of several seeds.

    Args:
        name: Such as "04_sfe_sst", written by `python -m bench.sst_rationales`.

    Raises:
        DataError: This installation holds no such results.

    Example:
        >>> results = recorded("04_sfe_sst")
        >>> results["split"], results["threshold"]
        ('test', 0.5)
    """
    return json.loads(embedded(f"results/{name}.json").read_text(encoding="utf-8"))
