"""The registry, and the embedded files in a clone and in a wheel."""

import hashlib
import zipfile

import pytest

from vilib.datasets import DataError, registry


def test_embedded_files_match_the_registry():
    for name in registry.names():
        known = registry.entry(name)
        if not known.url and known.file.name:
            content = registry.embedded(known.file.name).read_bytes()
            assert len(content) == known.file.bytes
            assert hashlib.sha256(content).hexdigest() == known.file.sha256


def test_every_entry_says_what_is_needed():
    for name in registry.names():
        known = registry.entry(name)
        assert known.title
        assert known.licence
        assert known.citation
        assert not known.url or known.stand_in in registry.names()
        assert len(known.file.sha256) == 64
        assert all(len(member.sha256) == 64 for member in known.members.values())


def test_unknown_names():
    with pytest.raises(KeyError, match="no data set 'mist'; there are sst, treebank, coins"):
        registry.entry("mist")
    with pytest.raises(DataError, match=r"data/no\.csv: missing from this installation"):
        registry.embedded("no.csv")


def test_wheel_carries_the_data(tmp_path, monkeypatch):
    build = pytest.importorskip("hatchling.build", reason="hatchling builds the wheel")
    root = registry.embedded("registry.json").parent.parent
    if not (root / "pyproject.toml").is_file():
        pytest.skip("vilib is installed from a wheel: there is no clone to build from")
    monkeypatch.chdir(root)
    with zipfile.ZipFile(tmp_path / build.build_wheel(str(tmp_path))) as wheel:
        for file in ("registry.json", "coins.csv"):
            assert wheel.read(f"vilib/_data/{file}") == registry.embedded(file).read_bytes()
