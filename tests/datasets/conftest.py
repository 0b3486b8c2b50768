"""What the tests of the data sets share: a clean environment, a small SST, the real data."""

import gzip
import hashlib
import lzma
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from vilib.datasets import registry
from vilib.datasets.treebank import generate

SPLITS = ("train", "dev", "test")
PACK = {".txt": bytes, ".txt.gz": gzip.compress, ".txt.xz": lzma.compress}
SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The folder of real data, as the caller's environment has it."""
    return Path(os.environ.get("VILIB_DATA") or SHARED)


@pytest.fixture(autouse=True)
def places(
    real_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Path]]:
    """VILIB_DATA unset, an empty cache of the test's own, no network beyond this machine."""
    monkeypatch.delenv("VILIB_DATA", raising=False)
    monkeypatch.setenv("VILIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("VILIB_OFFLINE", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return {"data": tmp_path / "data", "cache": tmp_path / "cache"}


@pytest.fixture
def real_data(real_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the real data sets, set as VILIB_DATA; the test is skipped without one."""
    if not (real_folder / "sst").is_dir():
        pytest.skip("no real data: neither VILIB_DATA nor ../shared/data holds sst/")
    monkeypatch.setenv("VILIB_DATA", str(real_folder))
    return real_folder


@dataclass
class SmallSst:
    """Three small splits and, once `register` is called, a registry that knows them as SST."""

    contents: dict[str, bytes]
    monkeypatch: pytest.MonkeyPatch

    def write(self, folder: Path, suffix: str = ".txt") -> Path:
        """Lay the splits into a folder; ".zip" means the archive of the registry's name."""
        folder.mkdir(parents=True, exist_ok=True)
        if suffix == ".zip":
            write_zip(folder / "trainDevTestTrees_PTB.zip", self.contents)
            return folder
        for split, content in self.contents.items():
            (folder / f"{split}{suffix}").write_bytes(PACK[suffix](content))
        return folder

    def register(self, archive: bytes = b"", url: str = "http://127.0.0.1:9/sst.zip") -> None:
        """Replace the registry's facts of SST by those of these splits."""
        facts = registry.read()
        facts["sst"]["url"] = url
        facts["sst"]["file"].update(measure(archive))
        for split, content in self.contents.items():
            facts["sst"]["members"][split].update(measure(content))
        # a copy each time: `entry` takes the facts apart
        self.monkeypatch.setattr(registry, "read", lambda: {k: dict(v) for k, v in facts.items()})


def measure(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write_zip(path: Path, contents: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for split, content in contents.items():
            archive.writestr(zipfile.ZipInfo(f"trees/{split}.txt"), content)
    return path.read_bytes()


@pytest.fixture
def small_sst(monkeypatch: pytest.MonkeyPatch) -> SmallSst:
    sizes = zip(SPLITS, (40, 9, 12))
    contents = {split: generate(size, Random(split)).encode() for split, size in sizes}
    return SmallSst(contents, monkeypatch)


@pytest.fixture
def archive_bytes(small_sst: SmallSst, tmp_path: Path) -> bytes:
    """The small SST as a zip."""
    return write_zip(tmp_path / "whole.zip", small_sst.contents)


@pytest.fixture
def with_line(small_sst: SmallSst) -> Callable[[int, str], SmallSst]:
    """Put a line into the dev split, at a number from 1."""

    def put(number: int, line: str) -> SmallSst:
        lines = small_sst.contents["dev"].decode().split("\n")
        lines[number - 1] = line
        small_sst.contents["dev"] = "\n".join(lines).encode()
        return small_sst

    return put
