"""Training a VAE: what it sees, that it repeats itself, and that it leaves the caller alone."""

from dataclasses import replace

import pytest
import torch

from vilib.datasets import Images, ImageSplit, binarise
from vilib.datasets.record import DatasetRecord
from vilib.models.vae_experiment import PixelBatches, cut, dequantise, train_vae
from vilib.models.vae_presets import VAE_PRESETS

TINY = replace(VAE_PRESETS["class"], hidden=8, num_latents=2, num_steps=60, batch_size=10)


@pytest.fixture
def images():
    """Two kinds of 3×3 pictures: ink in the first row, or in the last."""
    pixels = torch.full((40, 3, 3), 0.05)
    pixels[::2, 0] = pixels[1::2, 2] = 0.95
    split = ImageSplit(pixels, torch.arange(40) % 2)
    record = DatasetRecord("rows", "here", "MIT", "0" * 64, {"train": 40}, "generated")
    return Images(split, split[:10], split[10:30], record)


def test_batches_cover_the_pictures_and_draw_anew():
    torch.manual_seed(1)
    pixels = torch.arange(25.0)[:, None]
    batches = PixelBatches(pixels, 10, lambda x: x + 100)
    epoch = list(batches)
    assert [len(x) for x in epoch] == [10, 10, 5]
    assert len(batches) == 3
    assert sorted(torch.cat(epoch).flatten().tolist()) == [100.0 + n for n in range(25)]
    assert not torch.equal(torch.cat(epoch), torch.cat(list(batches)))
    fresh = PixelBatches(torch.full((100, 4), 0.5), 100, binarise)
    assert len({float(next(iter(fresh)).sum()) for _ in range(5)}) > 1


def test_the_same_seed_gives_the_same_model_and_leaves_no_trace(images):
    torch.manual_seed(9)
    state = torch.get_rng_state()
    one, two = (train_vae(images, TINY, seed=3, progress=False) for _ in "ab")
    assert torch.equal(torch.get_rng_state(), state)
    for a, b in zip(one.model.parameters(), two.model.parameters()):
        assert torch.equal(a, b)
    other = train_vae(images, TINY, seed=4, progress=False)
    assert not torch.equal(next(other.model.parameters()), next(one.model.parameters()))


def test_the_loss_falls_and_dev_is_noted(images):
    history = train_vae(images, replace(TINY, num_steps=400), seed=1, progress=False).history
    assert len(history) == 100
    assert history["loss"][-1] < history["loss"][0] - 1.5
    # the nelbo of single samples: below nine fair coins, above the coins' own entropy
    assert 9 * 0.19 < history["dev_nelbo"][-1] < 9 * 0.6932


def test_a_fixed_binarisation_is_learned_by_heart(images):
    fixed = images.binarised(seed=1)
    plan = replace(TINY, hidden=32, num_steps=1500)
    history = train_vae(fixed, plan, seed=1, progress=False).history
    fresh = train_vae(images, plan, seed=1, progress=False).history
    assert history["loss"][-1] < fresh["loss"][-1]


def test_num_latents_overrules_the_preset(images):
    model = train_vae(images, replace(TINY, num_steps=4), seed=1, num_latents=5, progress=False)
    assert model.model.num_latents == 5


def test_cut_takes_some_of_each_class(images):
    in_order = ImageSplit(images.train.pixels, torch.arange(40) // 20)
    few = cut(replace(images, train=in_order), replace(TINY, num_train=20, num_test=5))
    assert (len(few.train), len(few.dev), len(few.test)) == (20, 5, 5)
    assert 3 < int(few.train.label.sum()) < 17
    whole = cut(images, replace(TINY, num_train=None, num_test=None))
    assert torch.equal(whole.train.pixels, images.train.pixels)


def test_dequantised_greys_fill_their_cells():
    grey = torch.tensor([0.0, 0.5, 1.0]).repeat(5000, 1)
    torch.manual_seed(2)
    x = dequantise(grey, 3)
    assert float(x.min()) >= 0
    assert float(x.max()) < 1
    assert torch.equal((3 * x).floor() / 2, grey)
    torch.testing.assert_close(x.mean(0), torch.tensor([1 / 6, 1 / 2, 5 / 6]), atol=0.01, rtol=0)
