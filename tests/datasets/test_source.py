"""The search order, the checksums, and the one line that tells of the stand-in."""

import hashlib

import pytest

from vilib.datasets import DataError, available, sst
from vilib.datasets.registry import names

ZIP = "trainDevTestTrees_PTB.zip"


@pytest.fixture
def everywhere(small_sst, archive_bytes, places, monkeypatch):
    """The small SST, registered, in VILIB_DATA and in the cache."""
    small_sst.register(archive_bytes)
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    for place in places.values():
        (place / "sst").mkdir(parents=True)
        (place / "sst" / ZIP).write_bytes(archive_bytes)
    return places


def test_search_order(everywhere, capfd):
    assert sst().record.origin == available()["sst"] == "VILIB_DATA"
    (everywhere["data"] / "sst" / ZIP).unlink()
    assert sst().record.origin == available()["sst"] == "cache"
    assert capfd.readouterr() == ("", "")
    (everywhere["cache"] / "sst" / ZIP).unlink()
    assert available()["sst"] == "stand-in (treebank)"
    assert sst().record.origin == "stand-in"


def test_record(everywhere, archive_bytes):
    record = sst().record
    assert record.sha256 == hashlib.sha256(archive_bytes).hexdigest()
    assert str(everywhere["data"]) not in str(record)
    assert "\n" not in str(record)
    assert str(record).startswith("sst: 40 train / 9 dev / 12 test · Socher")
    assert "none stated" in record.licence


def test_one_split(everywhere):
    data = sst()
    assert sst("dev") == data.dev
    with pytest.raises(KeyError, match="no split 'valid'; there are train, dev, test"):
        sst("valid")


@pytest.mark.parametrize("data", [None, "", "empty", "nowhere"])
def test_stand_in_says_so_in_one_line_on_stdout(places, monkeypatch, capfd, data):
    if data is not None:
        (places["data"] / "empty").mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("VILIB_DATA", data and str(places["data"] / data))
    found = sst()
    out, err = capfd.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    assert "sst: no copy in" in out
    assert "VILIB_OFFLINE is set; using the generated stand-in 'treebank'." in out
    assert ("(no such folder)" in out) == (data == "nowhere")
    assert (found.record.name, found.record.origin) == ("treebank", "stand-in")
    assert not places["cache"].exists()


def test_stand_in_forbidden(capfd):
    with pytest.raises(DataError, match=r"sst: no copy in .* expected .*\.zip in VILIB_DATA/sst/"):
        sst(stand_in=False)
    assert capfd.readouterr() == ("", "")


def test_stand_in_forced(everywhere, capfd):
    assert sst(stand_in=True).record.origin == "stand-in"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz", ".txt.xz"])
@pytest.mark.parametrize("layout", ["", "trees"])
def test_unpacked_files_are_verified(small_sst, places, monkeypatch, suffix, layout):
    small_sst.register()
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    folder = small_sst.write(places["data"] / "sst" / layout, suffix)
    assert sst().record.origin == "VILIB_DATA"
    # well-formed, but one label is another: only the checksum can tell
    wrong = small_sst.contents["dev"].replace(b"(2 .)", b"(3 .)", 1)
    assert wrong != small_sst.contents["dev"]
    small_sst.contents["dev"] = wrong
    small_sst.write(folder, suffix)
    with pytest.raises(
        DataError, match=r"wrong checksum: .* bytes with SHA-256 .* expected"
    ) as caught:
        sst()
    assert caught.value.file.startswith("VILIB_DATA/sst/")
    assert str(places["data"]) not in str(caught.value)


@pytest.mark.parametrize("place", ["data", "cache"])
def test_wrong_checksum_of_the_zip(everywhere, archive_bytes, place):
    for each in everywhere.values():
        (each / "sst" / ZIP).unlink()
    (everywhere[place] / "sst" / ZIP).write_bytes(b"PK" + archive_bytes)
    with pytest.raises(DataError, match=f"/sst/{ZIP}: wrong checksum"):
        sst()


def test_changed_line_ends_are_recognised(small_sst, places, monkeypatch):
    small_sst.register()
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    small_sst.contents["train"] = small_sst.contents["train"].replace(b"\n", b"\r\n")
    small_sst.write(places["data"] / "sst")
    with pytest.raises(DataError, match="line ends were changed from LF to CRLF"):
        sst()


def test_malformed_line_is_told_before_the_checksum(small_sst, with_line, places, monkeypatch):
    small_sst.register()
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    with_line(3, "(9 (2 It) (2 works))").write(places["data"] / "sst")
    with pytest.raises(DataError, match=r"VILIB_DATA/sst/dev.txt, line 3: label 9"):
        sst()


def test_damaged_copy_is_never_replaced_by_the_stand_in(everywhere, archive_bytes):
    (everywhere["data"] / "sst" / ZIP).write_bytes(archive_bytes[:-100])
    with pytest.raises(DataError, match="VILIB_DATA/sst/"):
        sst()


def test_available_lists_all(places, monkeypatch):
    found = available()
    assert set(found) == set(names())
    expected = {
        "sst": "stand-in (treebank)",
        "treebank": "generated",
        "coins": "embedded",
        "digits": "embedded",
        "ptb": "stand-in (language)",
    }
    assert found.items() >= expected.items()
    monkeypatch.setenv("VILIB_OFFLINE", "0")
    assert available()["sst"] == "download, else treebank"
