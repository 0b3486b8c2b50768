"""Unit 07: is z used? The lesson, its cockpit and `bench.posterior_collapse` all run this code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from vilib.datasets import (
    Batch,
    Batches,
    Corpus,
    Stretches,
    Text,
    Vocabulary,
    encode_text,
    text_vocabulary,
)
from vilib.models.collapse_objective import VAEObjective
from vilib.models.collapse_presets import CollapsePreset, Cure
from vilib.models.collapse_report import watch
from vilib.models.decoder import Decoder
from vilib.models.language_model import LanguageModel
from vilib.models.posterior_head import GaussianHead, SphereHead
from vilib.models.rationale_experiment import seeded
from vilib.models.sentence_vae import SentenceVAE
from vilib.training import History, optimisers, train

__all__ = [
    "CollapseRun",
    "TextData",
    "build_vae",
    "prepare_text",
    "train_language_model",
    "train_vae",
]


@dataclass(frozen=True)
class TextData:
    """A text as numbers.

    Args:
        vocabulary: Of the training split.
        splits: "train", "dev", "test" → the sentences.
        device: Where batches are put.
    """

    vocabulary: Vocabulary
    splits: dict[str, Corpus]
    device: torch.device

    def batches(self, split: str, size: int = 250, *, shuffle: bool = False) -> Batches:
        """Batches of a split, in torch's random order if `shuffle`."""
        return Batches(self.splits[split], size, shuffle=shuffle, device=self.device)

    def stretches(self, preset: CollapsePreset) -> Stretches:
        """Training batches, a stretch at a time."""
        return Stretches(self.batches("train", preset.batch_size, shuffle=True), preset.stretch)


class CollapseRun(NamedTuple):
    """A trained sentence VAE.

    Args:
        model: The model.
        history: The stretches: loss, rate, distortion and β in training; what `watch` sees on dev.
    """

    model: SentenceVAE
    history: History


def prepare_text(
    text: Text, preset: CollapsePreset, device: torch.device | str = "cpu", unknown: str = "<unk>"
) -> TextData:
    """Number the words; sentences are cut to the preset's length, dev and test to its numbers.

    Args:
        text: Of a loader.
        preset: Of `COLLAPSE_PRESETS`.
        device: Where batches are put.
        unknown: How the text writes an unknown word.

    Example:
        >>> from vilib.datasets.language import language
        >>> from vilib.models.collapse_presets import CollapsePreset
        >>> data = prepare_text(language(sizes=(300, 20, 20)), CollapsePreset(num_evaluated=10))
        >>> len(data.splits["train"]), len(data.splits["test"])
        (300, 10)
    """
    limits = {"train": 0, "dev": preset.num_watched, "test": preset.num_evaluated}
    cut = preset.max_length or None
    vocabulary = text_vocabulary(text.train, unknown, preset.num_words)
    splits = {
        name: encode_text([words[:cut] for words in text[name][: limit or None]], vocabulary)
        for name, limit in limits.items()
    }
    return TextData(vocabulary, splits, torch.device(device))


def build_decoder(data: TextData, preset: CollapsePreset, cure: Cure, code_size: int) -> Decoder:
    """The preset's decoder, as strong and as connected as the cure has it."""
    return Decoder(
        len(data.vocabulary),
        code_size,
        preset.embedding_size,
        preset.hidden,
        memory=cure.memory,
        skip=cure.skip,
    )


def build_vae(data: TextData, preset: CollapsePreset, cure: Cure) -> SentenceVAE:
    """An untrained sentence VAE."""
    D, H = preset.code_size, preset.hidden
    head = SphereHead(H, D, cure.concentration) if cure.concentration else GaussianHead(H, D)
    decoder = build_decoder(data, preset, cure, D)
    return SentenceVAE(decoder, head, H).to(data.device)


def falling(share: float) -> float:
    """Factor on the learning rate: 1 for half of the run, then a straight line to nearly 0."""
    return min(1.0, max(0.02, 2 * (1 - share)))


def train_vae(
    data: TextData,
    cure: Cure,
    preset: CollapsePreset,
    *,
    seed: int,
    name: str = "sentence VAE",
    progress: bool = True,
) -> CollapseRun:
    """Train a sentence VAE under a cure.

    Args:
        data: Of `prepare_text`.
        cure: Of `CURES`, or your own.
        preset: Of `COLLAPSE_PRESETS`.
        seed: Of weights, order, samples and dropped words; the caller's random state is left as it
            was.
        name: For the progress line.
        progress: Whether to show it.
    """
    stretches = data.stretches(preset)
    with seeded(seed, data.device):
        model = build_vae(data, preset, cure)
        objective = VAEObjective(model, cure, preset, preset.num_stretches * preset.stretch)
        history = train(
            objective,
            stretches,
            optimisers(model, preset.learning_rate),
            preset.num_stretches,
            evaluate=lambda: watch(model, data.batches("dev")),
            schedule=falling,
            name=name,
            progress=progress,
            said=("loss", "rate"),
        )
    return CollapseRun(model.eval(), history)


def train_language_model(
    data: TextData,
    preset: CollapsePreset,
    *,
    seed: int,
    cure: Cure | None = None,
    name: str = "language model",
    progress: bool = True,
) -> tuple[LanguageModel, History]:
    """Train the control: the same decoder, steps and learning rate, without a code.

    Args:
        data: Of `prepare_text`.
        preset: Of `COLLAPSE_PRESETS`.
        seed: Of weights, order and dropped words; the caller's random state is left as it was.
        cure: Its decoder and its word dropout; by default the plain ones.
        name: For the progress line.
        progress: Whether to show it.
    """
    cure = cure or Cure()
    with seeded(seed, data.device):
        decoder = build_decoder(data, preset, cure, code_size=0)
        model = LanguageModel(decoder).to(data.device)

        def objective(batch: Batch) -> dict[str, Tensor]:
            """−log p(x), mean over the batch."""
            return {"loss": -model.log_prob(batch.tokens, batch.mask, cure.word_dropout).mean()}

        steps = optimisers(model, preset.learning_rate)
        history = train(
            objective,
            data.stretches(preset),
            steps,
            preset.num_stretches,
            schedule=falling,
            name=name,
            progress=progress,
        )
    return model.eval(), history
