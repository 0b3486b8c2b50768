"""Omniglot: archives of drawings, split by drawer, made smaller; damage is named."""

import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from vilib.datasets import DataError, omniglot

NAMES = ("images_background_small1.zip", "images_background_small2.zip")


def png(size=(105, 105), ink=20):
    table = np.full(size[::-1], 255, np.uint8)
    table[:ink] = 0
    file = BytesIO()
    Image.fromarray(table).convert("1").save(file, "PNG")
    return file.getvalue()


def lay(folder, drawings, names=NAMES):
    """Two archives with the same drawings, so that each must be taken once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        with zipfile.ZipFile(folder / name, "w") as archive:
            for path, content in drawings.items():
                archive.writestr(f"{name[:-4]}/{path}", content)
    return folder


@pytest.fixture
def drawings():
    return {
        f"{alphabet}/character01/0001_{drawer:02d}.png": png(ink=drawer + 10)
        for alphabet in ("Greek", "Latin")
        for drawer in range(1, 21)
    }


def test_splits_by_drawer(tmp_path, drawings):
    images = omniglot(path=lay(tmp_path / "own", drawings))
    assert dict(images.record.split_sizes) == {"train": 32, "dev": 4, "test": 4}
    assert images.test.label.tolist() == [0, 0, 1, 1]
    # ink is 1, and making it smaller keeps its share
    assert float(images.test.pixels[0].mean()) == pytest.approx(29 / 105, abs=2e-3)
    assert images.size == (28, 28)
    assert images.grey


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png((28, 28)), "a picture of 28 x 28 pixels, expected 105 x 105"),
        (png()[:60], "expected a whole PNG picture"),
        (b"no picture", "expected a whole PNG picture"),
    ],
)
def test_a_bad_drawing_is_named(tmp_path, drawings, content, said):
    bad = "Greek/character01/0001_07.png"
    folder = lay(tmp_path / "own", drawings | {bad: content})
    with pytest.raises(DataError, match=said) as caught:
        omniglot(path=folder)
    assert bad in caught.value.file
    assert NAMES[0] in caught.value.file


def test_a_bad_archive(tmp_path, drawings):
    folder = lay(tmp_path / "own", drawings)
    path = folder / NAMES[1]
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataError, match=r"small2\.zip: .*300 bytes\), expected a whole zip"):
        omniglot(path=folder)
    lay(tmp_path / "own", {"readme.txt": b""})
    with pytest.raises(DataError, match="no drawing in it, expected <alphabet>"):
        omniglot(path=folder)
    lay(tmp_path / "own", {k: v for k, v in drawings.items() if "_20" not in k and "_19" not in k})
    with pytest.raises(DataError, match="no drawing by drawers 19 to 20"):
        omniglot(path=folder)


def test_a_missing_archive(tmp_path, drawings):
    folder = lay(tmp_path / "own", drawings, NAMES[:1])
    with pytest.raises(DataError, match=r"small2\.zip: missing"):
        omniglot(path=folder)


def test_stand_in(capsys):
    assert omniglot().record.name == "digits"
    assert capsys.readouterr().out.startswith("omniglot: no copy in the cache")


def test_the_real_files(real_data):
    if not (real_data / "omniglot").is_dir():
        pytest.skip("the real data hold no Omniglot")
    images = omniglot(stand_in=False)
    assert dict(images.record.split_sizes) == {"train": 3872, "dev": 484, "test": 484}
    for split in ("train", "dev", "test"):
        assert int(images[split].label.max()) == 241
    assert images.test.label.bincount().unique().tolist() == [2]
    assert 0.05 < float(images.train.pixels.mean()) < 0.12
