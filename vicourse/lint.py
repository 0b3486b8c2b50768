"""`python -m vicourse.lint`: the layout of text files that ruff does not read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from vicourse.course import here

__all__ = ["faults", "text_files"]

TEXT = set(".cfg .css .ipynb .json .md .mplstyle .py .toml .txt .yaml .yml".split())  # noqa: SIM905
NAMES = {"Makefile", "LICENSE", ".gitignore", ".gitattributes", "run"}
# environments, caches and what a class leaves behind
PASSED_OVER = {
    ".venv", ".git", ".edit", ".ruff_cache", ".pytest_cache", ".hypothesis", ".ipynb_checkpoints",
    "__pycache__", "_build", "_generated", "submitted", "autograded", "feedback", "exported",
}  # fmt: skip


def text_files(root: Path) -> Iterable[Path]:
    """Every text file of the project, in order."""
    for path in sorted(root.iterdir()):
        if path.name in PASSED_OVER or path.is_symlink():
            continue
        if path.is_dir():
            yield from text_files(path)
        elif path.suffix in TEXT or path.name in NAMES:
            yield path


def faults(data: bytes) -> list[str]:
    """What is wrong with the bytes of a text file.

    Example:
        >>> faults(b"two  \\r\\nlines")
        ['Windows line ends', 'blanks at the end of line 1', 'no line end at the end']
    """
    if not data:
        return []
    found = ["Windows line ends"] if b"\r" in data else []
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.rstrip() != line.rstrip(b"\r"):
            found.append(f"blanks at the end of line {number}")
            break
    if not data.endswith(b"\n"):
        found.append("no line end at the end")
    elif data.endswith(b"\n\n"):
        found.append("empty lines at the end")
    return found


def main() -> int:
    """Print every fault; the exit status is 1 if there is one."""
    root = here().root
    wrong = [(path, fault) for path in text_files(root) for fault in faults(path.read_bytes())]
    for path, fault in wrong:
        print(f"{path.relative_to(root).as_posix()}: {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
