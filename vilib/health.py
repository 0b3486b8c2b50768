"""One line at the top of a lesson: is this environment fine?"""

from __future__ import annotations

import json
import platform
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import psutil
import torch

import vilib

__all__ = ["doctor"]

MANAGER = Path("share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager/package.json")
# the front end's half of ipywidgets 8; version 3 belongs to ipywidgets 7
FRONT_END = 5


def doctor(unit: str, data: Sequence[str] = (), minutes: float | None = None) -> None:
    """Print one line: versions, device, widgets where the page is served, data, minutes to expect.

    It looks and reports, and changes nothing. What needs attention is written in capitals.

    Args:
        unit: Name of the unit, as the line's first word.
        data: Names of the loaders of `vilib.datasets` that the unit calls.
        minutes: What "Run all" takes at class scale on two processor cores.

    Example:
        >>> doctor("01_vi_basics", minutes=2)  # doctest: +ELLIPSIS
        01_vi_basics: vilib ... | Python 3... | torch ... | ... | widgets ... | about 2 min
    """
    parts = [
        f"vilib {vilib.__version__}",
        f"Python {platform.python_version()}",
        f"torch {torch.__version__}",
        device(),
        f"widgets {widgets()}",
        *(f"{name}: {found(name)}" for name in data),
    ]
    if minutes is not None:
        parts.append(f"about {minutes:g} min")
    print(f"{unit}: " + " | ".join(parts))


def device() -> str:
    """The device that a lesson will choose, and torch's thread count."""
    with warnings.catch_warnings():
        # a driver that is too old warns on standard error; that there is no CUDA says enough
        warnings.simplefilter("ignore")
        if torch.cuda.is_available():
            return f"cuda ({torch.cuda.get_device_name()})"
    threads = torch.get_num_threads()
    return f"cpu, {threads} thread{'s' if threads > 1 else ''}"


def widgets() -> str:
    """Whether sliders will appear: another process serves the page, from its own environment."""
    if find_spec("ipywidgets") is None:
        return "MISSING in the kernel: pip install ipywidgets"
    if "google.colab" in sys.modules:
        return "by Colab"
    server = server_process()
    if server is None:
        return "not asked for (no Jupyter server)"
    versions = [version for prefix in prefixes(server) if (version := manager_version(prefix))]
    if not versions:
        return "MISSING in the server's environment: pip install jupyterlab_widgets there"
    if versions[0] < FRONT_END:
        return "TOO OLD in the server's environment: pip install -U jupyterlab_widgets there"
    return "ok"


def server_process() -> psutil.Process | None:
    """The Jupyter server that started this kernel, or None."""
    try:
        # the kernel's parent; one further up where a launcher stands between them, as on Windows
        for process in psutil.Process().parents()[:3]:
            if any("jupyter" in Path(word).name for word in process.cmdline()[:3]):
                return process
    except psutil.Error:
        return None
    return None


def prefixes(server: psutil.Process) -> Iterator[Path]:
    """Where a Jupyter server looks for extensions: its environment, the user's, the system's."""
    try:
        for word in server.cmdline()[:2]:
            path = Path(word)
            if path.is_absolute():
                # <prefix>/bin/python, <prefix>/bin/jupyter-lab
                yield path.parent.parent
    except psutil.Error:
        return
    yield Path.home() / ".local"
    yield from (Path("/usr/local"), Path("/usr"))


def manager_version(prefix: Path) -> int | None:
    """Major version of the widget manager under a prefix, or None where there is none."""
    try:
        version = json.loads((prefix / MANAGER).read_text(encoding="utf-8"))["version"]
        return int(version.split(".")[0])
    except (OSError, ValueError, KeyError):
        return None


def found(name: str) -> str:
    """Where a loader will read from: a folder, the cache, a download or the embedded stand-in."""
    return import_module("vilib.datasets").available().get(name, "NOT KNOWN to vilib.datasets")
