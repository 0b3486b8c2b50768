"""The real SST, where a copy is at hand: counts as published, words whole, quick."""

import time
from collections import Counter

import pytest

from vilib.datasets import Batches, Vocabulary, sst
from vilib.datasets.grammar import LEXICON
from vilib.datasets.unpack import unzip


@pytest.fixture
def data(real_data):
    return sst(stand_in=False)


def test_counts(data):
    assert dict(data.record.split_sizes) == {"train": 8544, "dev": 1101, "test": 2210}
    splits = (data.train, data.dev, data.test)
    assert [sum(len(t.words) for t in s) for s in splits] == [163563, 21274, 42405]
    nodes = [sum(len(t.words) + len(t.spans) for t in s) for s in splits]
    assert nodes == [318582, 41447, 82600]
    roots = [Counter(t.label for t in s) for s in splits]
    assert [[c[y] for y in range(5)] for c in roots] == [
        [1092, 2218, 1624, 2322, 1288],
        [139, 289, 229, 279, 165],
        [279, 633, 389, 510, 399],
    ]
    assert len({w for t in data.train for w in t.words}) == 18280


def test_words_are_kept_whole(data):
    odd = [w for t in data.train for w in t.words if "\u00a0" in w]
    assert sorted(odd) == ["2\u00a01\\/2", "2\u00a01\\/2", "8\u00a01\\/2"]
    assert any("-LRB-" in t.words for t in data.train)


def test_text_comes_back_byte_for_byte(data, real_data):
    archive = real_data / "sst" / "trainDevTestTrees_PTB.zip"
    if not archive.is_file():
        pytest.skip("the real data hold SST unpacked")
    members = unzip(archive, "sst", {s: f"{s}.txt" for s in ("train", "dev", "test")})
    for split, content in members.items():
        assert "".join(f"{t}\n" for t in data[split]).encode() == content


def test_origin_and_checksum(data):
    assert data.record.origin == "VILIB_DATA"
    assert data.record.sha256.startswith("5c613a4f673f")


def test_parse_encode_and_batch_within_two_seconds(real_data):
    start = time.process_time()
    data = sst(stand_in=False)
    vocabulary = Vocabulary.build(data.train)
    corpora = [split.encode(vocabulary) for split in (data.train, data.dev, data.test)]
    batches = sum(1 for corpus in corpora for _ in Batches(corpus, 25, shuffle=False))
    assert time.process_time() - start < 2
    assert batches == 342 + 45 + 89


def test_stand_in_labels_its_words_as_sst_does(data):
    """The lexicon's labels are SST's own, in the majority of a word's leaves."""
    counts: dict[str, Counter] = {}
    for split in (data.train, data.dev, data.test):
        for tree in split:
            for word, label in zip(tree.words, tree.leaf_labels):
                counts.setdefault(word.lower(), Counter())[label] += 1
    labels = {w.lower(): label for label, words in LEXICON.values() for w in words}
    known = {w: label for w, label in labels.items() if w in counts}
    assert len(known) >= 0.95 * len(labels)
    other = {w for w, label in known.items() if counts[w].most_common(1)[0][0] != label}
    assert len(other) <= 0.02 * len(known), other
