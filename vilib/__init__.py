"""vilib: what the lessons of the course import. Small, and meant to be read.

Importing `vilib` changes nothing else: no seed, device, thread count, download or setting of
torch. Submodules are loaded when they are first named (PEP 562): `import vilib` takes milliseconds.

Example:
    >>> import vilib
    >>> "exact" in dir(vilib)
    True
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

SUBMODULES = (
    "bounds",
    "checks",
    "datasets",
    "distributions",
    "estimators",
    "exact",
    "figures",
    "flows",
    "models",
    "sparse",
    "structured",
    "training",
    "widgets",
)

__all__ = ["__version__", "doctor", *SUBMODULES]


def __getattr__(name: str) -> object:
    """Load a submodule, or `doctor`, at its first use."""
    if name in SUBMODULES:
        return import_module(f"vilib.{name}")
    if name == "doctor":
        return import_module("vilib.health").doctor
    raise AttributeError(f"module 'vilib' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What tab completion offers."""
    return sorted(__all__)
