"""The binarised MNIST: rows of zeros and ones, and each malformed line told by its number."""

import lzma

import numpy as np
import pytest
import torch

from vilib.datasets import DataError, binarized_mnist, mnist
from vilib.datasets.binarized_mnist import parse_amat

NAMES = {split: f"binarized_mnist_{split}.amat" for split in ("train", "valid", "test")}
ROW = b" ".join([b"0", b"1"] * 392)


def rows(count, seed):
    return np.random.RandomState(seed).randint(0, 2, (count, 784))


def written(table):
    return b"".join(b" ".join(b"%d" % x for x in row) + b"\n" for row in table)


def lay(folder, **changed):
    folder.mkdir(parents=True, exist_ok=True)
    files = {split: written(rows(3, n)) for n, split in enumerate(NAMES)} | changed
    for split, content in files.items():
        (folder / f"{NAMES[split]}.xz").write_bytes(lzma.compress(content))
    return folder


def test_rows_are_pictures(tmp_path):
    images = binarized_mnist(path=lay(tmp_path / "own"))
    assert torch.equal(images.dev.flat, torch.tensor(rows(3, 1)).float())
    assert images.size == (28, 28)
    assert not images.grey
    assert images.binarised() is images
    assert images.train.label.tolist() == [-1] * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: empty file"),
        (ROW + b"\n" + ROW[:-2] + b"\n", "line 2: 783 numbers"),
        (ROW + b"\n" + ROW + b" 1\n", "line 2: 785 numbers"),
        (ROW + b"\n" + ROW[:-1] + b"2\n", "line 2: '2' in the line"),
        (ROW.replace(b" ", b"\t", 1) + b"\n", r"line 1: '0\\t1' in the line"),
        (ROW + b"\n" + ROW.replace(b" ", b"  ", 1) + b"\n", "line 2: '' in the line"),
        (ROW + b"\n" + ROW, "line 2: no line end at the end"),
        (ROW + b"\r\n", "line 1"),
        (b"MATLAB 5.0 MAT-file", "a MATLAB file"),
    ],
)
def test_malformed_lines(tmp_path, content, said):
    folder = lay(tmp_path / "own", valid=content)
    with pytest.raises(DataError, match=said) as caught:
        binarized_mnist(path=folder)
    assert "binarized_mnist_valid.amat" in caught.value.file


def test_all_is_read():
    table = rows(20, 5)
    assert (parse_amat(written(table)) == table).all()


def test_a_truncated_file(tmp_path):
    folder = lay(tmp_path / "own")
    path = folder / f"{NAMES['test']}.xz"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match="expected a whole xz file"):
        binarized_mnist(path=folder)


def test_the_stand_in_is_binarised_and_unlabelled():
    images = binarized_mnist(stand_in=True)
    assert set(images.test.pixels.unique().tolist()) == {0.0, 1.0}
    assert set(images.test.label.tolist()) == {-1}


def test_the_real_files(real_data):
    if not (real_data / "binarized_mnist").is_dir():
        pytest.skip("the real data hold no binarised MNIST")
    images = binarized_mnist(stand_in=False)
    means = {"train": 0.130562, "dev": 0.131127, "test": 0.132512}
    for split, mean in means.items():
        assert float(images[split].pixels.mean()) == pytest.approx(mean, abs=1e-6)
    # the test file is that of MNIST, sorted by class: each sheet resembles its scan
    scans = mnist(stand_in=False).test
    order = scans.label.argsort(stable=True)[::97]
    sheets, greys = images.test.flat[::97], scans.flat[order]
    assert float((sheets - greys).abs().mean()) < 0.05
    assert float((sheets - greys.roll(1, 0)).abs().mean()) > 0.07
