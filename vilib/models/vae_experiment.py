"""Unit 03: train a VAE of pictures, with zeros and ones drawn afresh or once and for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from vilib.datasets import Images, binarise
from vilib.models.vae import VAE, Pixels
from vilib.models.vae_presets import VAEPreset
from vilib.training import History, optimisers, train

__all__ = ["PixelBatches", "VAERun", "cut", "dequantise", "train_vae"]

Draw = Callable[[Tensor], Tensor]


class VAERun(NamedTuple):
    """A trained VAE and its epochs."""

    model: VAE
    history: History


class PixelBatches:
    """Batches of pictures in a random order; what is drawn of a picture is drawn at each visit.

    Args:
        pixels: `[N, P]`, on the device of the model.
        batch_size: B; the last batch of an epoch may be smaller.
        draw: From a batch `[B, P]` to what the model sees, such as `vilib.datasets.binarise`.

    Example: three pictures of one grey pixel, binarised afresh in every epoch.
        >>> _ = torch.manual_seed(1)
        >>> batches = PixelBatches(torch.full((3, 1), 0.5), 2, binarise)
        >>> [[x.flatten().tolist() for x in batches] for epoch in range(2)]
        [[[1.0, 0.0], [1.0]], [[0.0, 0.0], [1.0]]]
    """

    def __init__(self, pixels: Tensor, batch_size: int, draw: Draw) -> None:
        self.pixels, self.batch_size, self.draw = pixels, batch_size, draw

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return -(-len(self.pixels) // self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        """One epoch."""
        order = torch.randperm(len(self.pixels), device=self.pixels.device)
        for rows in order.split(self.batch_size):
            yield self.draw(self.pixels[rows])


def dequantise(grey: Tensor, num_levels: int) -> Tensor:
    """Greys k/(L-1) of L levels as real numbers in [0, 1): (k + u) / L with u uniform on [0, 1).

    A density of the result is the probability of k times L: without the noise a density could grow
    without bound on the few greys that occur.

    Args:
        grey: `[...]`, multiples of 1/(L-1).
        num_levels: L.

    Source: B. Uria, I. Murray and H. Larochelle, 2013, RNADE: The Real-valued Neural
        Autoregressive Density-estimator, https://arxiv.org/abs/1306.0186

    Example: paper of 17 greys lies below 1/17.
        >>> bool((dequantise(torch.zeros(100), 17) < 1 / 17).all())
        True
    """
    return ((num_levels - 1) * grey + torch.rand_like(grey)) / num_levels


def cut(images: Images, preset: VAEPreset, seed: int = 1) -> Images:
    """As many pictures as the preset uses, shuffled first: some test files are sorted by class.

    A split that is small enough stays as it is.
    """
    generator = torch.Generator().manual_seed(seed)
    sizes = {"train": preset.num_train, "dev": preset.num_test, "test": preset.num_test}
    chosen = {
        name: images[name][torch.randperm(len(images[name]), generator=generator)[:size]]
        for name, size in sizes.items()
        if size is not None and size < len(images[name])
    }
    return replace(images, **chosen)


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Random numbers of a seed of one's own; the caller's go on afterwards as if none was drawn."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def train_vae(
    images: Images,
    preset: VAEPreset,
    *,
    seed: int,
    num_latents: int | None = None,
    draw: Draw = binarise,
    pixels: Pixels | None = None,
    device: torch.device | str = "cpu",
    name: str = "VAE",
    progress: bool = True,
) -> VAERun:
    """Train a VAE on the train split, and note the ELBO on dev once in a while.

    Args:
        images: Greys with `draw` for a fresh binarisation; `images.binarised()` for a fixed one.
        preset: Of `VAE_PRESETS`.
        seed: Of weights, order and draws; the caller's random state is left as it was.
        num_latents: D, if not the preset's.
        draw: From a batch of pixels `[B, P]` to what the model sees.
        pixels: How a pixel comes about; Bernoulli by default.
        device: Where to train.
        name: For the progress line.
        progress: Whether to show it.
    """
    device = torch.device(device)
    batches = PixelBatches(images.train.flat.to(device), preset.batch_size, draw)
    dev = images.dev.flat.to(device)
    with seeded(seed, device):
        model = VAE(
            dev.shape[1],
            num_latents or preset.num_latents,
            preset.hidden,
            preset.num_layers,
            pixels,
        ).to(device)

        def objective(x: Tensor) -> dict[str, Tensor]:
            """The mean nelbo of a batch from one sample each, and what it is made of."""
            rate, distortion = model.terms(x)
            return {"loss": (rate + distortion).mean(), "rate": rate.mean()}

        history = train(
            objective,
            batches,
            optimisers(model, preset.learning_rate),
            preset.epochs(len(batches.pixels)),
            evaluate=lambda: {"dev_nelbo": dev_nelbo(model, draw(dev))},
            schedule=lambda share: 1 - 0.9 * share,
            name=name,
            progress=progress,
        )
    return VAERun(model.eval(), history)


@torch.no_grad()
def dev_nelbo(model: VAE, x: Tensor) -> float:
    """The mean nelbo of pictures from one sample each."""
    return float(-model.terms(x).elbo.mean())
