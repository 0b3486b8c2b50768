"""Fetch a file into the cache: whole and verified, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from vilib.datasets.error import DataError
from vilib.datasets.registry import File

__all__ = ["DownloadError", "download", "verify"]

CONNECT, SILENCE = 4.0, 10.0


class DownloadError(OSError):
    """The file could not be had: no network, no such address, a cut or stalled connection.

    Example:
        >>> raise DownloadError("no answer")
        Traceback (most recent call last):
        vilib.datasets.download.DownloadError: no answer
    """


class Deadline:
    """A file that refuses to be written to after a moment, so that a trickling server ends, too."""

    def __init__(self, file: BinaryIO, seconds: float) -> None:
        self.file, self.end = file, time.monotonic() + seconds

    def write(self, piece: bytes) -> int:
        """Write, or raise TimeoutError when time is up."""
        if time.monotonic() > self.end:
            raise TimeoutError("the server is too slow")
        return self.file.write(piece)

    def flush(self) -> None:
        """Flush the file."""
        self.file.flush()


def verify(content: bytes, expected: File, shown: str) -> None:
    """Compare content with the registry.

    Raises:
        DataError: Its SHA-256 is another; the message has both, and both sizes.

    Example:
        >>> verify(b"ab", File("dev.txt", 2, digest(b"ab")), "dev.txt")
    """
    found = digest(content)
    if found == expected.sha256:
        return
    changed = content.replace(b"\r\n", b"\n")
    hint = (
        "; the line ends were changed from LF to CRLF" if digest(changed) == expected.sha256 else ""
    )
    raise DataError(
        shown,
        f"wrong checksum: {len(content):,} bytes with SHA-256 {found[:12]}…, "
        f"expected {expected.bytes:,} bytes with SHA-256 {expected.sha256[:12]}…{hint}",
    )


def digest(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def download(url: str, folder: Path, expected: File, seconds: float = 180.0) -> Path:
    """Fetch `url` into `folder/expected.name`, with a progress bar on standard output.

    The bytes go to a hidden temporary file beside the target, are compared with the registry, and
    only then take the target's name, in one step. Whatever fails, no other file is left.

    Args:
        url: The public address. folder: Where to put the file; made if missing. expected: Name,
            size and SHA-256. seconds: Time for the whole download; 4 s to connect and 10 s of
            silence are bounds of their own.

    Raises:
        DownloadError: No connection, an HTTP error, a cut connection, a slow server, or no place
            to write.
        DataError: What came has another checksum.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    except OSError as error:
        raise DownloadError(f"the cache cannot be written ({error.strerror})") from error
    path = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            fetch(url, Deadline(file, seconds), expected)
        verify(path.read_bytes(), expected, f"download of {expected.name}")
        os.replace(path, folder / expected.name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
    return folder / expected.name


def fetch(url: str, file: Deadline, expected: File) -> None:
    """The transfer itself, by pooch; every kind of failure becomes a DownloadError."""
    # imported here, because a download is rare and these imports are slow
    import pooch
    from tqdm import tqdm

    # standard error would cost marks in a graded notebook
    bar = tqdm(
        total=expected.bytes,
        desc=expected.name,
        unit="B",
        unit_scale=True,
        file=sys.stdout,
        delay=0.5,
    )
    try:
        pooch.HTTPDownloader(progressbar=bar, timeout=(CONNECT, SILENCE))(url, file, None)
    except (OSError, ValueError) as error:
        raise DownloadError(f"{type(error).__name__}") from error
    finally:
        bar.close()
