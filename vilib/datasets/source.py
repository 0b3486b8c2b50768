"""Where a data set is found: VILIB_DATA, the cache, the public address, else the stand-in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from vilib.datasets.download import DownloadError, download
from vilib.datasets.error import DataError
from vilib.datasets.registry import Entry, entry, names
from vilib.datasets.unpack import SUFFIXES

__all__ = ["Found", "available", "locate", "present"]


@dataclass(frozen=True)
class Found:
    """A place that holds the data: its name for people, and its folder; None for the stand-in."""

    origin: str
    folder: Path | None


def locate(wanted: Entry, stand_in: bool | None = None) -> Found:
    """Search for a data set and say so, in one line, where the stand-in must do.

    The order is `VILIB_DATA/<name>/`, `<cache>/<name>/`, a download into the cache, the stand-in.
    The cache is `pooch.os_cache("vilib")`, or `VILIB_CACHE` where that is set. `VILIB_OFFLINE=1`
    leaves out the download. Nothing is written to standard error.

    Args:
        wanted: The registry's entry.
        stand_in: None: fall back on the stand-in. False: never. True: use it without a search.

    Raises:
        DataError: There is no copy and `stand_in` is False, or a download has a wrong checksum.
    """
    if stand_in:
        return Found("stand-in", None)
    for origin, folder in folders(wanted.name):
        if present(folder, wanted):
            return Found(origin, folder)
    try:
        return Found("download", fetched(wanted))
    except DownloadError as error:
        message = f"{searched()}, {error}"
    if stand_in is False:
        hint = f"expected {wanted.file.name} in VILIB_DATA/{wanted.name}/ or a network"
        raise DataError(wanted.name, f"{message}; {hint}")
    made = "generated " if whence(entry(wanted.stand_in)) == "generated" else ""
    print(f"{wanted.name}: {message}; using the {made}stand-in '{wanted.stand_in}'.")
    return Found("stand-in", None)


def available() -> dict[str, str]:
    """Data set → where it would come from now; looks at folders, opens no file and no connection.

    Example:
        >>> available()["treebank"], available()["coins"]
        ('generated', 'embedded')
    """
    return {name: whence(entry(name)) for name in names()}


def whence(wanted: Entry) -> str:
    """Where one data set would come from."""
    if not wanted.url:
        # what this course made up and no file holds
        made_up = wanted.citation == "this course" and not wanted.file.name
        return "generated" if made_up else "embedded"
    for origin, folder in folders(wanted.name):
        if present(folder, wanted):
            return origin
    return f"stand-in ({wanted.stand_in})" if offline() else f"download, else {wanted.stand_in}"


def present(folder: Path, wanted: Entry) -> bool:
    """Whether a folder holds the archive or any of its members, packed or not."""
    plain = [member.name for member in wanted.members.values()]
    flat = [Path(name).name for name in plain]
    candidates = [wanted.file.name, *(name + end for name in plain + flat for end in SUFFIXES)]
    return any((folder / name).is_file() for name in candidates)


def folders(name: str) -> list[tuple[str, Path]]:
    """The folders to search, in order."""
    data = os.environ.get("VILIB_DATA")
    first = [("VILIB_DATA", Path(data) / name)] if data else []
    return [*first, ("cache", cache() / name)]


def cache() -> Path:
    """The user's cache."""
    if chosen := os.environ.get("VILIB_CACHE"):
        return Path(chosen)
    # imported here, because VILIB_DATA makes it unnecessary and the import is slow
    import pooch

    return Path(pooch.os_cache("vilib"))


def offline() -> bool:
    """Whether downloads are switched off."""
    return os.environ.get("VILIB_OFFLINE", "") not in ("", "0")


def fetched(wanted: Entry) -> Path:
    """The cache's folder after a download."""
    if offline():
        raise DownloadError("VILIB_OFFLINE is set")
    try:
        return download(wanted.url, cache() / wanted.name, wanted.file).parent
    except DownloadError as error:
        raise DownloadError(f"no download ({error})") from error


def searched() -> str:
    """Where no copy was found, in words."""
    data = os.environ.get("VILIB_DATA")
    if not data:
        return "no copy in the cache (VILIB_DATA is not set)"
    missing = "" if Path(data).is_dir() else " (no such folder)"
    return f"no copy in VILIB_DATA{missing} or the cache"
