"""Bytes and text out of plain, gzip, xz and zip files; errors say how far the file was good."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from vilib.datasets.error import DataError

__all__ = ["SUFFIXES", "decode", "unpack", "unzip"]

SUFFIXES = ("", ".gz", ".xz")
# RuntimeError: a zip that is encrypted or packed in a way this Python cannot undo
DAMAGE = (EOFError, OSError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
OPEN = {".gz": gzip.open, ".xz": lzma.open}


def unpack(path: Path, shown: str) -> bytes:
    """The content of a plain, .gz or .xz file.

    Args:
        path: The file; its last suffix says how it is packed.
        shown: Its name in errors.

    Raises:
        DataError: The file cannot be read or is truncated; the message names the line it breaks in.

    Example:
        >>> import gzip, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "trees.txt.gz"
        >>> _ = path.write_bytes(gzip.compress(b"(3 good)"))
        >>> unpack(path, "trees.txt.gz")
        b'(3 good)'
    """
    content = bytearray()
    try:
        with OPEN.get(path.suffix, open)(path, "rb") as stream:
            # small pieces: what is read before the damage tells the line in which it lies
            while piece := stream.read(4096):
                content += piece
    except DAMAGE as error:
        line = content.count(b"\n") + 1
        raise DataError(
            shown, f"{reason(error)}, expected a whole {kind(path)} file", line
        ) from error
    return bytes(content)


def unzip(path: Path, shown: str, members: dict[str, str]) -> dict[str, bytes]:
    """Members of a zip archive; `members` maps a key to the end of the member's path.

    Raises:
        DataError: The archive or a member is damaged, or a member is missing.

    Example:
        >>> import pathlib, tempfile, zipfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "trees.zip"
        >>> with zipfile.ZipFile(path, "w") as archive:
        ...     archive.writestr("trees/dev.txt", "(3 good)")
        >>> unzip(path, "trees.zip", {"dev": "dev.txt"})
        {'dev': b'(3 good)'}
    """
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        size = path.stat().st_size if path.is_file() else 0
        problem = f"{reason(error)} ({size:,} bytes), expected a whole zip archive"
        raise DataError(shown, problem) from error
    with archive:
        return {key: member(archive, shown, name) for key, name in members.items()}


def member(archive: zipfile.ZipFile, shown: str, name: str) -> bytes:
    """One member, found by its file name in whatever folder of the archive it lies."""
    found = [path for path in archive.namelist() if PurePosixPath(path).name == name]
    if len(found) != 1:
        raise DataError(shown, f"{len(found)} members called {name}, expected one")
    content = bytearray()
    try:
        with archive.open(found[0]) as stream:
            while piece := stream.read(4096):
                content += piece
    except DAMAGE as error:
        line = content.count(b"\n") + 1
        raise DataError(
            f"{shown}/{found[0]}", f"{reason(error)}, expected a whole member", line
        ) from error
    return bytes(content)


def decode(content: bytes, shown: str) -> str:
    """UTF-8 text.

    Raises:
        DataError: A byte is no UTF-8; the message names its line.

    Example:
        >>> decode(b"(3 good)\\n(1 d\\xfcll)", "dev.txt")
        Traceback (most recent call last):
        vilib.datasets.error.DataError: dev.txt, line 2: byte 0xfc, expected UTF-8 text
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            shown, f"byte {content[error.start]:#x}, expected UTF-8 text", line
        ) from error


def kind(path: Path) -> str:
    """How the file is packed, in a word."""
    return {".gz": "gzip", ".xz": "xz"}.get(path.suffix, "plain")


def reason(error: Exception) -> str:
    """What broke, without the path that system errors carry."""
    return getattr(error, "strerror", None) or str(error).rstrip(".") or type(error).__name__
