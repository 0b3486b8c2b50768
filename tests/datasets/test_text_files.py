"""Penn Treebank and Yahoo answers: found, verified, parsed; every kind of damage is named."""

import gzip
import hashlib
import lzma

import pytest

from vilib.datasets import DataError, ptb, registry, yahoo
from vilib.datasets.text_files import parse_text

SMALL = {
    "ptb": {
        "train": b" a cat \n the <unk> sat \n",
        "dev": b" a dog \n",
        "test": b" N cats \n",
    },
    "yahoo": {
        "val": b"".join(b"what is _UNK ? %d\n" % n for n in range(10)),
        "test": b"who knows .\n",
    },
}
PACK = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}
LOAD = {"ptb": ptb, "yahoo": yahoo}


@pytest.fixture
def small(monkeypatch):
    """A registry that knows the small files as the official ones."""
    facts = registry.read()
    for name, files in SMALL.items():
        for split, content in files.items():
            facts[name]["members"][split] |= {
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
    monkeypatch.setattr(registry, "read", lambda: {k: dict(v) for k, v in facts.items()})
    return {name: {s: facts[name]["members"][s]["name"] for s in SMALL[name]} for name in SMALL}


def lay(folder, name, names, suffix="", **changed):
    """Write the files of a data set, some of them changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for split, content in (SMALL[name] | changed).items():
        if content is not None:
            (folder / (names[name][split] + suffix)).write_bytes(PACK[suffix](content))
    return folder


@pytest.mark.parametrize("suffix", PACK)
def test_plain_and_packed_files_from_the_data_folder(small, places, monkeypatch, suffix):
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    lay(places["data"] / "ptb", "ptb", small, suffix)
    text = ptb(stand_in=False)
    assert text.train == (("a", "cat"), ("the", "<unk>", "sat"))
    assert (text.dev, text.test) == ((("a", "dog"),), (("N", "cats"),))
    assert dict(text.record.split_sizes) == {"train": 2, "dev": 1, "test": 1}
    assert text.record.origin == "VILIB_DATA"
    assert text.entropy != text.entropy, "nobody knows the entropy of English"


def test_yahoo_says_that_its_training_file_is_missing(small, places, capfd):
    text = yahoo(path=lay(places["data"], "yahoo", small))
    out, err = capfd.readouterr()
    assert "train.txt" in out
    assert "100,000 documents" in out
    assert err == ""
    assert [len(s) for s in (text.train, text.dev, text.test)] == [8, 2, 1]


def test_yahoo_passes_over_labels(small, places):
    labelled = b"".join(b"%d\twhat is _UNK ? %d\n" % (n % 3, n) for n in range(10))
    text = yahoo(path=lay(places["data"], "yahoo", small, val=labelled))
    assert text.train[3] == ("what", "is", "_UNK", "?", "3")


@pytest.mark.parametrize("name", LOAD)
def test_stand_in_says_so_in_one_line(name, capfd):
    text = LOAD[name]()
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    assert out.startswith(f"{name}: no copy in the cache")
    assert "using the generated stand-in 'language'" in out
    assert err == ""
    assert (text.record.name, text.record.origin) == ("language", "stand-in")
    with pytest.raises(DataError, match=rf"{name}: .*expected .*\.txt in VILIB_DATA/{name}/"):
        LOAD[name](stand_in=False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b" a cat \n\n", r"ptb\.train\.txt, line 2: empty line, expected a sentence"),
        (b" a cat \n a  dog \n", r"line 2: two blanks at column 3, expected words apart by one"),
        (b" a cat \n a\tdog \n", r"line 2: '\\t' at column 3, expected words apart"),
        (b" a cat \r\n", r"line 1: '\\r' at column 8"),
        (b" a cat \n a <eos> \n", r"line 2: the mark '<eos>', expected words only"),
        (b" a cat \n a do", r"line 2: no line end at the end, expected a whole file"),
        (b" a cat \n a d\xf6g \n", r"line 2: byte 0xf6, expected UTF-8 text"),
        (b" a hat \n the <unk> sat \n", r"wrong checksum: 24 bytes"),
        (None, r"ptb\.train\.txt: missing, expected one of|VILIB_OFFLINE"),
    ],
)
def test_damage_is_named_with_file_and_line(small, places, monkeypatch, content, message):
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    lay(places["data"] / "ptb", "ptb", small, train=content)
    with pytest.raises(DataError, match=message):
        ptb(stand_in=False)


def test_a_truncated_xz_names_its_file(small, places):
    folder = lay(places["data"], "ptb", small, ".xz")
    path = folder / "ptb.train.txt.xz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"ptb\.train\.txt\.xz, line 1: .*expected a whole xz file"):
        ptb(path=folder)


def test_a_missing_file_of_a_folder_of_ones_own(small, places):
    folder = lay(places["data"], "ptb", small, dev=None)
    with pytest.raises(DataError, match=r"ptb\.valid\.txt: missing, expected one of"):
        ptb(path=folder)


def test_labels_are_words_where_none_are_expected():
    assert parse_text("3\tx\n", labelled=True) == (("x",),)
    with pytest.raises(DataError, match="'\\\\t' at column 2"):
        parse_text("3\tx\n")


def test_the_real_files(real_data, capfd):
    if not (real_data / "ptb").is_dir() or not (real_data / "yahoo").is_dir():
        pytest.skip("the real data hold no ptb/ or yahoo/")
    text = ptb(stand_in=False)
    assert dict(text.record.split_sizes) == {"train": 42068, "dev": 3370, "test": 3761}
    tokens = [sum(len(s) + 1 for s in split) for split in (text.train, text.dev, text.test)]
    assert tokens == [929_589, 73_760, 82_430]
    words = {word for sentence in text.train for word in sentence}
    assert len(words | {"<eos>"}) == 10_000
    answers = yahoo(stand_in=False)
    assert sum(map(len, answers.test)) == 788_673
    assert sum(map(len, answers.train)) + sum(map(len, answers.dev)) == 790_680
    assert capfd.readouterr().err == ""
