"""The coins: the file is whole, and the joint is the one that is written down."""

import math
import sys

import pytest
import torch

from vilib.datasets import DataError, coins, registry


def test_shapes_and_record():
    data = coins()
    assert data.flips.shape == (12, 10)
    assert data.flips.dtype == data.prior.dtype == data.heads.dtype == torch.double
    assert set(data.flips.unique().tolist()) == {0.0, 1.0}
    assert set(data.coin.tolist()) == {0, 1, 2}
    assert float(data.prior.sum()) == pytest.approx(1)
    assert str(data.record).startswith("coins: 12 all")


def test_joint_by_hand():
    data = coins()
    table = data.log_joint(torch.tensor([2.0, 0.0, 1.0]))
    assert table.shape == (3, 12)
    for row, z in enumerate((2, 0, 1)):
        for b in range(12):
            heads = int(data.flips[b].sum())
            p = float(data.heads[z])
            expected = math.log(float(data.prior[z]) * p**heads * (1 - p) ** (10 - heads))
            assert float(table[row, b]) == pytest.approx(expected, abs=1e-12)


def test_ten_heads_tell_the_bent_coin():
    data = coins()
    posterior = data.log_joint(torch.arange(3)).softmax(0)
    (ten,) = torch.nonzero(data.flips.sum(1) == 10)[:, 0].tolist()
    assert float(posterior[1, ten]) == pytest.approx(0.985, abs=5e-4)
    # other rounds leave room for doubt, which is what a posterior is for
    assert float(posterior.max(0).values.min()) < 0.9


def test_changed_file_is_told(tmp_path, monkeypatch):
    module = sys.modules["vilib.datasets.coins"]
    path = tmp_path / "coins.csv"
    path.write_bytes(registry.embedded("coins.csv").read_bytes().replace(b"H", b"T", 1))
    monkeypatch.setattr(module, "embedded", lambda file: path)
    with pytest.raises(DataError, match=r"coins\.csv: wrong checksum"):
        coins()
