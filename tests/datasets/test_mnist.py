"""MNIST and Fashion-MNIST: found, verified, parsed; every kind of damage is named."""

import gzip
import hashlib
import lzma
import struct

import numpy as np
import pytest
import torch

from vilib.datasets import DataError, fashion_mnist, mnist, registry
from vilib.datasets.idx import parse_idx

PACK = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}
NAMES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}


def images(count, seed):
    pixels = np.random.RandomState(seed).randint(0, 256, (count, 28, 28)).astype(np.uint8)
    return struct.pack(">HBBIII", 0, 8, 3, count, 28, 28) + pixels.tobytes()


def labels(count):
    return struct.pack(">HBBI", 0, 8, 1, count) + bytes(n % 10 for n in range(count))


@pytest.fixture
def small():
    return {
        "train_images": images(12, 1),
        "train_labels": labels(12),
        "test_images": images(4, 2),
        "test_labels": labels(4),
    }


def lay(folder, files, suffix=""):
    folder.mkdir(parents=True, exist_ok=True)
    for key, content in files.items():
        (folder / (NAMES[key] + suffix)).write_bytes(PACK[suffix](content))
    return folder


@pytest.fixture
def known(small, monkeypatch):
    """A registry that knows the small files as Fashion-MNIST."""
    facts = registry.read()
    for key, content in small.items():
        facts["fashion_mnist"]["members"][key] |= {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    monkeypatch.setattr(registry, "read", lambda: {k: dict(v) for k, v in facts.items()})


@pytest.mark.parametrize("suffix", PACK)
def test_plain_and_packed_files(small, known, places, monkeypatch, suffix):
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    lay(places["data"] / "fashion_mnist", small, suffix)
    found = fashion_mnist(stand_in=False)
    assert dict(found.record.split_sizes) == {"train": 10, "dev": 2, "test": 4}
    assert found.record.origin == "VILIB_DATA"
    raw = np.frombuffer(small["train_images"], np.uint8, offset=16).reshape(-1, 28, 28)
    assert torch.equal((found.dev.pixels * 255).round().byte(), torch.tensor(raw[10:]))
    assert found.train.label.tolist() == list(range(10))
    assert found.dev.label.tolist() == [0, 1]
    assert float(found.train.pixels.max()) <= 1


def test_a_wrong_checksum_is_told(small, known, places, monkeypatch):
    monkeypatch.setenv("VILIB_DATA", str(places["data"]))
    other = small["test_images"][:-1] + bytes([small["test_images"][-1] ^ 1])
    lay(places["data"] / "fashion_mnist", small | {"test_images": other})
    said = r"VILIB_DATA/fashion_mnist/t10k-images-idx3-ubyte: wrong checksum: 3,152 bytes"
    with pytest.raises(DataError, match=said):
        fashion_mnist(stand_in=False)


def damaged(small):
    """What is done to a file, and what is then said."""
    image, label = small["train_images"], small["train_labels"]
    narrow = images(4, 2)[:8] + struct.pack(">I", 27) + images(4, 2)[12:]
    return {
        "magic": ("train_images", b"\x00\x00\x08\x01" + image[4:], "magic number 00000801 at off"),
        "type": ("train_labels", b"\x00\x00\x0d\x01" + label[4:], "expected 00000801"),
        "header": ("train_images", image[:9], "truncated at offset 9, expected 16 of header"),
        "empty": ("train_images", b"", "truncated at offset 0"),
        "half": ("train_images", image[:5000], "truncated at offset 5,000, expected 9,424 bytes"),
        "more": ("train_images", image + b"xy", "2 bytes too many at offset 9,424"),
        "side": ("test_images", narrow, "size 27 at offset 8, expected 28"),
        "count": ("train_labels", labels(11), "size 11 at offset 4, expected 12"),
        "label": ("train_labels", label[:10] + b"\x0c" + label[11:], "label 12 at offset 10"),
    }


@pytest.mark.parametrize(
    "what", ["magic", "type", "header", "empty", "half", "more", "side", "count", "label"]
)
def test_damage_is_named_with_file_and_offset(small, tmp_path, what):
    key, content, said = damaged(small)[what]
    folder = lay(tmp_path / "own", small | {key: content})
    with pytest.raises(DataError) as caught:
        mnist(path=folder)
    assert said in str(caught.value)
    assert NAMES[key] in caught.value.file


def test_a_truncated_gzip_says_how_far_it_was_good(small, tmp_path):
    folder = lay(tmp_path / "own", small, ".gz")
    path = folder / (NAMES["train_images"] + ".gz")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(DataError, match=r"at offset [\d,]+, expected a whole gzip file"):
        mnist(path=folder)


def test_a_missing_file(small, tmp_path):
    folder = lay(tmp_path / "own", small)
    (folder / NAMES["test_labels"]).unlink()
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte: missing, expected one of"):
        mnist(path=folder)


def test_without_a_copy_the_digits_take_over_in_one_line(capsys):
    found = mnist()
    assert (found.record.name, found.record.origin) == ("digits", "stand-in")
    assert found.size == (28, 28)
    out = capsys.readouterr().out
    assert out.startswith("mnist: no copy in the cache")
    assert out.count("\n") == 1
    with pytest.raises(DataError, match="VILIB_OFFLINE is set"):
        mnist(stand_in=False)


def test_idx_of_other_shapes():
    content = struct.pack(">HBBII", 0, 8, 2, 2, 3) + bytes(range(6))
    assert parse_idx(content, (None, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(DataError, match="size 3 at offset 8, expected 4"):
        parse_idx(content, (2, 4))


@pytest.mark.parametrize(("load", "mean"), [(mnist, 0.1306), (fashion_mnist, 0.2861)])
def test_the_real_files(real_data, load, mean):
    if not (real_data / load.__name__).is_dir():
        pytest.skip(f"the real data hold no {load.__name__}")
    found = load(stand_in=False)
    assert dict(found.record.split_sizes) == {"train": 50_000, "dev": 10_000, "test": 10_000}
    every = torch.cat([found.train.pixels, found.dev.pixels])
    assert float(every.mean()) == pytest.approx(mean, abs=2e-4)
    assert len(every.unique()) == 256
    counts = torch.cat([found.train.label, found.dev.label]).bincount()
    first = 5923 if load is mnist else 6000
    assert int(counts[0]) == first
