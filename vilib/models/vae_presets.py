"""Sizes and steps of unit 03's experiments, for a laptop and as in the papers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["VAE_PRESETS", "VAEPreset"]


@dataclass(frozen=True)
class VAEPreset:
    """Architecture and training of a VAE of pictures.

    Args:
        hidden: Width of the hidden layers.
        num_layers: Hidden layers of each network.
        num_latents: D of the model that is reported on; the latent map has two.
        batch_size: B.
        num_steps: Steps of a run, rounded to whole epochs.
        learning_rate: Adam's first one; it falls in a straight line to a tenth.
        num_train: Pictures of the training split that are used; None for all.
        num_test: Pictures of the test split that are reported on; None for all.
        num_importance: Samples per picture for log p(x).

    Example: a small data set is gone through more often.
        >>> VAE_PRESETS["class"].epochs(1297), VAE_PRESETS["paper"].epochs(50_000)
        (231, 500)
    """

    hidden: int = 64
    num_layers: int = 1
    num_latents: int = 8
    batch_size: int = 100
    num_steps: int = 3000
    learning_rate: float = 3e-3
    num_train: int | None = 4000
    num_test: int | None = 300
    num_importance: int = 500

    def epochs(self, num_train: int) -> int:
        """Epochs over `num_train` pictures that come nearest to the steps, at least one."""
        return max(1, round(self.num_steps / -(-num_train // self.batch_size)))


VAE_PRESETS: dict[str, VAEPreset] = {
    # a laptop: a few CPU seconds a model, one thread
    "class": VAEPreset(),
    # a GPU: two hidden layers of 200, 50 latent dimensions, 500 epochs of 50,000 pictures
    "paper": VAEPreset(
        hidden=200,
        num_layers=2,
        num_latents=50,
        num_steps=250_000,
        learning_rate=1e-3,
        num_train=None,
        num_test=None,
        num_importance=5000,
    ),
}
