"""The digits: whole, split once and for all, and zeros and ones as often as the greys say."""

import numpy as np
import pytest
import torch
from sklearn import datasets as sklearn_datasets

from vilib.datasets import DataError, available, binarise, digits


def test_shapes_and_record():
    images = digits()
    assert [len(images[name]) for name in ("train", "dev", "test")] == [1297, 200, 300]
    assert images.size == (8, 8)
    assert images.grey
    for name in ("train", "dev", "test"):
        split = images[name]
        assert split.pixels.dtype == torch.float32
        assert split.label.dtype == torch.int64
        assert split.flat.shape == (len(split), 64)
        assert set(split.label.tolist()) == set(range(10))
    assert str(images.record).startswith("digits: 1,297 train / 200 dev / 300 test")
    assert "digits" in available()
    with pytest.raises(KeyError, match="no split 'valid'; there are train, dev, test"):
        images["valid"]


def test_every_picture_is_there_once_with_its_label():
    images, raw = digits(), sklearn_datasets.load_digits()
    splits = [images[name] for name in ("train", "dev", "test")]
    rows = np.concatenate([split.flat.numpy() * 16 for split in splits])
    labels = np.concatenate([split.label.numpy() for split in splits])
    mine = sorted(map(tuple, np.column_stack([rows, labels])))
    theirs = sorted(map(tuple, np.column_stack([raw.data, raw.target])))
    assert mine == theirs


def test_other_digits_are_told(monkeypatch):
    raw = sklearn_datasets.load_digits()
    raw.data[5, 5] += 1
    monkeypatch.setattr(sklearn_datasets, "load_digits", lambda: raw)
    with pytest.raises(DataError, match=r"scikit-learn's digits: wrong checksum: 116,805 bytes"):
        digits()


def test_fixed_binarisation_is_drawn_once():
    torch.manual_seed(3)
    state = torch.get_rng_state()
    one, two, other = digits().binarised(), digits().binarised(), digits().binarised(seed=2)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(one.train.pixels, two.train.pixels)
    assert not torch.equal(one.train.pixels, other.train.pixels)
    assert one.binarised(seed=2) is one
    assert torch.equal(one.test.label, digits().test.label)
    assert set(one.test.pixels.unique().tolist()) == {0.0, 1.0}


def test_fresh_binarisation_has_the_greys_as_its_mean():
    grey = digits().dev.flat
    generator = torch.Generator().manual_seed(4)
    draws = torch.stack([binarise(grey, generator) for _ in range(200)])
    error = (draws.mean(0) - grey) / (grey * (1 - grey) / 200).sqrt().clamp_min(1e-9)
    assert error.abs().max() < 5.5
    # the certain pixels are never drawn otherwise
    assert torch.equal(draws.mean(0)[grey % 1 == 0], grey[grey % 1 == 0])
    assert 0.9 < float(error[(grey > 0) & (grey < 1)].var()) < 1.1


@pytest.mark.parametrize(("size", "factor", "margin"), [(8, 1, 0), (16, 2, 0), (28, 3, 2)])
def test_larger_digits_repeat_pixels(size, factor, margin):
    small, large = digits().train.pixels, digits(size=size).train.pixels
    assert large.shape == (1297, size, size)
    inner = large[:, margin : size - margin, margin : size - margin]
    for i, j in ((0, 0), (factor - 1, factor - 1)):
        assert torch.equal(inner[:, i::factor, j::factor], small)
    assert float(large.sum()) == pytest.approx(factor**2 * float(small.sum()))


def test_too_small():
    with pytest.raises(ValueError, match="size is 7, expected at least 8"):
        digits(size=7)
