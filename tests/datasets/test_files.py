"""Malformed, truncated and mislaid files, in every packing that the loader reads."""

import gzip
import re

import pytest

from vilib.datasets import DataError, sst

SUFFIXES = (".txt", ".txt.gz", ".txt.xz", ".zip")
BAD = {
    "(3 (2 It) (4 works)": "unbalanced bracket",
    "(3 (2 It) (4 works)))": "unbalanced bracket",
    "(3 (2 It) (7 works))": "label 7 at column 12, expected a label 0–4",
    "(3 (2 It) (works))": "missing label",
    "(3 (2 It) (4 really works))": "space inside the word 'really works'",
    "": "empty line",
}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("layout", ["", "trees"])
def test_every_layout_is_read(small_sst, tmp_path, suffix, layout):
    small_sst.write(tmp_path / layout, suffix)
    place = tmp_path if suffix != ".zip" else tmp_path / layout
    data = sst(path=place)
    assert dict(data.record.split_sizes) == {"train": 40, "dev": 9, "test": 12}
    for split, content in small_sst.contents.items():
        assert "".join(f"{tree}\n" for tree in data[split]) == content.decode()
    assert data.record.origin == "folder"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("line", BAD)
def test_malformed_line_is_named(with_line, tmp_path, suffix, line):
    with_line(4, line).write(tmp_path, suffix)
    with pytest.raises(DataError, match=re.escape(BAD[line])) as caught:
        sst(path=tmp_path)
    assert caught.value.line == 4
    assert re.search(r"dev\.txt", caught.value.file)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_break_space_inside_a_leaf_is_read(with_line, tmp_path, suffix):
    with_line(4, "(3 (2 8\u00a01\\/2) (3 stars))").write(tmp_path, suffix)
    assert sst(path=tmp_path).dev[3].words == ("8\u00a01\\/2", "stars")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_bytes_that_are_no_text(small_sst, tmp_path, suffix):
    lines = small_sst.contents["dev"].split(b"\n")
    small_sst.contents["dev"] = b"\n".join([*lines[:5], b"(3 caf\xe9)", *lines[5:]])
    small_sst.write(tmp_path, suffix)
    with pytest.raises(DataError, match="byte 0xe9, expected UTF-8 text") as caught:
        sst(path=tmp_path)
    assert caught.value.line == 6


@pytest.mark.parametrize("suffix", [".txt.gz", ".txt.xz"])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9])
def test_truncated_file(small_sst, tmp_path, suffix, keep):
    path = small_sst.write(tmp_path, suffix) / f"train{suffix}"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole))])
    with pytest.raises(DataError, match="expected") as caught:
        sst(path=tmp_path)
    assert caught.value.file.endswith(f"train{suffix}")
    assert 1 <= caught.value.line <= 41


def test_truncation_is_placed_at_the_line_where_it_broke(small_sst, tmp_path):
    """Bytes that can still be read tell the line: gzip members are cut between two of them."""
    small_sst.write(tmp_path, ".txt.gz")
    lines = small_sst.contents["train"].splitlines(keepends=True)
    members = [gzip.compress(b"".join(part)) for part in (lines[:30], lines[30:])]
    (tmp_path / "train.txt.gz").write_bytes(members[0] + members[1][:-12])
    with pytest.raises(DataError, match="expected a whole gzip file") as caught:
        sst(path=tmp_path)
    assert caught.value.line >= 31


def test_truncated_plain_file_breaks_in_its_last_line(small_sst, tmp_path):
    small_sst.contents["dev"] = small_sst.contents["dev"][:-15]
    small_sst.write(tmp_path)
    with pytest.raises(DataError, match="unbalanced bracket") as caught:
        sst(path=tmp_path)
    assert caught.value.line == 9


@pytest.mark.parametrize("suffix", [".txt.gz", ".txt.xz"])
def test_wrong_suffix(small_sst, tmp_path, suffix):
    small_sst.write(tmp_path, suffix)
    (tmp_path / f"test{suffix}").write_bytes(small_sst.contents["test"])
    with pytest.raises(DataError, match=r"line 1: .* expected a whole"):
        sst(path=tmp_path)


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_truncated_zip(archive_bytes, tmp_path, keep):
    path = tmp_path / "mine.zip"
    path.write_bytes(archive_bytes[: int(keep * len(archive_bytes))])
    with pytest.raises(DataError, match=r"mine.zip: .* expected a whole zip archive"):
        sst(path=path)


def test_damaged_zip_member(archive_bytes, tmp_path):
    path = tmp_path / "mine.zip"
    at = archive_bytes.index(b"train.txt") + 200
    path.write_bytes(
        archive_bytes[:at] + bytes([archive_bytes[at] ^ 255]) + archive_bytes[at + 1 :]
    )
    with pytest.raises(DataError, match=r"mine\.zip/trees/train\.txt, line \d+: .* expected"):
        sst(path=path)


def test_zip_without_a_member(small_sst, tmp_path):
    del small_sst.contents["test"]
    small_sst.write(tmp_path, ".zip")
    with pytest.raises(DataError, match=r"0 members called test.txt, expected one"):
        sst(path=tmp_path)


def test_folder_without_a_split(small_sst, tmp_path):
    del small_sst.contents["test"]
    small_sst.write(tmp_path)
    with pytest.raises(
        DataError, match=r"missing, expected one of trees/test\.txt, .*test\.txt\.xz"
    ):
        sst(path=tmp_path)


def test_no_such_folder(tmp_path):
    with pytest.raises(DataError, match="missing, expected one of"):
        sst(path=tmp_path / "nowhere")
