"""`python -m vicourse.pins`: write the installed versions to constraints.txt."""

from __future__ import annotations

import platform
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from vicourse.course import here

__all__ = ["closure", "constraints", "direct"]


def direct(pyproject: Path) -> dict[str, Requirement]:
    """Every requirement of the project and its extras, by canonical name.

    The peers of the benchmarks are left out: pyproject.toml pins them itself.
    """
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = {k: v for k, v in project["optional-dependencies"].items() if k != "peers"}
    lines = [*project["dependencies"], *chain(*extras.values())]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def closure(wanted: Iterable[Requirement]) -> dict[str, str]:
    """Name → installed version of these packages and of all that they need on this system."""
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(wanted)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        # one package may be wanted twice, with other extras
        if (key := (name, frozenset(requirement.extras))) in seen:
            continue
        seen.add(key)
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        # the build of torch (+cpu, +cu130) is the reader's choice
        found[name] = re.sub(r"\+.*", "", installed.version)
        waiting += needed(installed.requires or [], requirement.extras | {""})
    return found


def needed(lines: list[str], extras: set[str]) -> list[Requirement]:
    """The requirements that apply on this system with these extras."""
    needs = [Requirement(line) for line in lines]
    return [
        need
        for need in needs
        if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in extras)
    ]


def constraints(pyproject: Path) -> str:
    """The text of constraints.txt for the packages that are installed now."""
    wanted = direct(pyproject)
    installed = closure(wanted.values())
    version = ".".join(platform.python_version_tuple()[:2])
    first = [f"{name}=={installed[name]}" for name in sorted(wanted)]
    rest = [f"{name}=={installed[name]}" for name in sorted(installed) if name not in wanted]
    return "\n".join(
        [
            f"# The versions that were tested together, on Python {version}.",
            "# `make pins` writes this file.",
            "# What pyproject.toml names:",
            *first,
            "",
            "# What those need:",
            *rest,
            "",
        ]
    )


if __name__ == "__main__":
    root = here().root
    (root / "constraints.txt").write_text(constraints(root / "pyproject.toml"), encoding="utf-8")
    print("constraints.txt written")
