"""BBC News: every packing and place, malformed lines named, and the real file's known facts."""

import gzip
import hashlib
import lzma
import re

import pytest
import torch

from vilib.datasets import DataError, available, bbc_news, registry

LINES = (
    "cup final goal cup\ttrain\tsport",
    "share market\ttrain\tbusiness",
    "film star film\tval\tentertainment",
    "vote party\ttest\tpolitics",
    "phone goal\ttest\ttech",
)
TEXT = "".join(line + "\n" for line in LINES)
PACK = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}
BAD = {
    "cup final\ttrain": "2 fields, expected words, split and label apart by tabs",
    "cup\tfinal\ttrain\tsport": "4 fields",
    "cup final\tdev\tsport": "split 'dev', expected one of train, val, test",
    "cup final\ttrain\tchess": "label 'chess', expected one of business",
    "cup  final\ttrain\tsport": "an empty or unprintable word",
    "cup final \ttrain\tsport": "an empty or unprintable word",
    "\ttrain\tsport": "an empty or unprintable word",
    "cup\x0b final\ttrain\tsport": "an empty or unprintable word",
    "": "1 fields",
}


def write(folder, suffix="", text=TEXT):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"corpus.tsv{suffix}").write_bytes(PACK[suffix](text.encode()))
    return folder


@pytest.fixture
def small(monkeypatch):
    """A registry that knows the five lines as BBC News."""
    facts = registry.read()
    size, sha256 = len(TEXT.encode()), hashlib.sha256(TEXT.encode()).hexdigest()
    for file in (facts["bbc_news"]["file"], facts["bbc_news"]["members"]["all"]):
        file.update(bytes=size, sha256=sha256)
    facts["bbc_news"]["url"] = "http://127.0.0.1:9/corpus.tsv"
    monkeypatch.setattr(registry, "read", lambda: {k: dict(v) for k, v in facts.items()})


@pytest.mark.parametrize("suffix", PACK)
def test_every_packing_is_read(tmp_path, suffix):
    for path in (write(tmp_path, suffix), tmp_path / f"corpus.tsv{suffix}"):
        bags = bbc_news(path=path)
        assert dict(bags.record.split_sizes) == {"train": 2, "dev": 1, "test": 2}
        assert bags.words == tuple(sorted({w for x in LINES for w in x.split("\t")[0].split()}))
        assert bags.train.counts[0, bags.words.index("cup")] == 2
        assert bags.test.label.tolist() == [2, 4]
        assert bags.record.origin == "folder"


def test_search_order_and_stand_in(small, places, monkeypatch, capfd):
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    for place in places.values():
        write(place / "bbc_news", ".xz")
    assert bbc_news().record.origin == available()["bbc_news"] == "VILIB_DATA"
    (places["data"] / "bbc_news" / "corpus.tsv.xz").unlink()
    assert bbc_news().record.origin == available()["bbc_news"] == "cache"
    assert capfd.readouterr() == ("", "")
    (places["cache"] / "bbc_news" / "corpus.tsv.xz").unlink()
    bags = bbc_news()
    out, err = capfd.readouterr()
    assert (bags.record.name, bags.record.origin) == ("topics", "stand-in")
    assert err == ""
    assert out.count("\n") == 1
    assert "using the generated stand-in 'topics'" in out
    with pytest.raises(DataError, match=r"expected corpus\.tsv in VILIB_DATA/bbc_news/"):
        bbc_news(stand_in=False)


def test_wrong_checksum_is_told(small, places, monkeypatch):
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    write(places["data"] / "bbc_news", text=TEXT.replace("goal", "gaol"))
    with pytest.raises(DataError, match=r"VILIB_DATA/bbc_news/corpus\.tsv: wrong checksum"):
        bbc_news()


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("line", BAD)
def test_malformed_line_is_named(tmp_path, suffix, line):
    lines = [*LINES[:3], line, *LINES[3:]]
    write(tmp_path, suffix, "".join(each + "\n" for each in lines))
    with pytest.raises(DataError, match=re.escape(BAD[line])) as caught:
        bbc_news(path=tmp_path)
    assert caught.value.line == 4
    assert f"corpus.tsv{suffix}" in caught.value.file


def test_truncated_files_are_told(tmp_path):
    write(tmp_path, text=TEXT[:-9])
    with pytest.raises(DataError, match=r"line 5: no line end at the end, expected a whole file"):
        bbc_news(path=tmp_path)
    for suffix in (".gz", ".xz"):
        path = write(tmp_path / suffix, suffix) / f"corpus.tsv{suffix}"
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(DataError, match="expected a whole"):
            bbc_news(path=tmp_path / suffix)
    (tmp_path / "corpus.tsv").write_bytes(TEXT.encode().replace(b"vote", b"v\xfcte"))
    with pytest.raises(DataError, match=r"line 4: byte 0xfc, expected UTF-8 text"):
        bbc_news(path=tmp_path)


def test_missing_file_is_told(tmp_path):
    with pytest.raises(DataError, match=r"missing, expected one of corpus\.tsv, corpus\.tsv\.gz"):
        bbc_news(path=tmp_path)


def test_the_real_file(real_data):
    if not (real_data / "bbc_news").is_dir():
        pytest.skip("no bbc_news among the real data")
    bags = bbc_news(stand_in=False)
    assert dict(bags.record.split_sizes) == {"train": 1556, "dev": 334, "test": 335}
    assert len(bags.words) == 2949
    labels = torch.cat([bags[name].label for name in ("train", "dev", "test")])
    assert labels.bincount().tolist() == [510, 386, 417, 511, 401]
    assert float(bags.train.lengths.min()) >= 16
