"""Unit 05: which estimator trains a discrete code? Lesson and `bench.digits_estimators` run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from vilib.bounds import importance
from vilib.estimators import Estimator
from vilib.models.discrete_presets import DiscretePreset
from vilib.models.discrete_vae import DiscreteVAE
from vilib.training import History, optimisers, train

__all__ = [
    "DiscreteReport",
    "DiscreteRun",
    "Pictures",
    "evaluate_discrete",
    "pixel_baseline",
    "train_discrete",
]

Transform = Callable[[Tensor], Tensor]


class Pictures:
    """Rows of pixels in batches, in a new order at each iteration.

    Args:
        x: `[N, P]`.
        batch_size: B; the last batch may be smaller.
        transform: What is done to each batch, such as `vilib.datasets.binarise`.

    Example:
        >>> [len(batch) for batch in Pictures(torch.zeros(5, 3), batch_size=2)]
        [2, 2, 1]
    """

    def __init__(self, x: Tensor, batch_size: int, transform: Transform = lambda x: x) -> None:
        self.x, self.batch_size, self.transform = x, batch_size, transform

    def __len__(self) -> int:
        """Number of batches."""
        return -(-len(self.x) // self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        """Batches `[B, P]`."""
        for rows in torch.randperm(len(self.x), device=self.x.device).split(self.batch_size):
            yield self.transform(self.x[rows])


class DiscreteRun(NamedTuple):
    """A trained model and its epochs.

    Attributes:
        model: The model.
        history: Per epoch "loss", the mean of what was minimised.
    """

    model: DiscreteVAE
    history: History


def train_discrete(
    x: Tensor,
    estimator: Estimator,
    preset: DiscretePreset,
    *,
    seed: int,
    name: str = "discrete VAE",
    progress: bool = True,
    transform: Transform = lambda x: x,
) -> DiscreteRun:
    """Train a discrete VAE with an estimator; everything else is the preset's.

    Args:
        x: Pictures of zeros and ones (or greys, with a `transform` that draws them), `[N, P]`.
        estimator: Of `vilib.estimators`; it is reset first.
        preset: Of `DISCRETE_PRESETS`.
        seed: Of weights, order and samples; the caller's random state is left as it was.
        name: For the progress line.
        progress: Whether to show it.
        transform: What is done to each batch.

    Example:
        >>> from vilib.estimators import GumbelSoftmax
        >>> x, tiny = torch.ones(20, 4), DiscretePreset(num_variables=2, num_steps=50)
        >>> run = train_discrete(x, GumbelSoftmax(), tiny, seed=1, progress=False)
        >>> run.history["loss"][-1] < run.history["loss"][0]
        True
    """
    estimator.reset()
    batches = Pictures(x, preset.batch_size, transform)
    with torch.random.fork_rng([x.device] if x.device.type == "cuda" else []):
        torch.manual_seed(seed)
        model = DiscreteVAE(x.shape[1], preset.num_variables, preset.num_categories).to(x.device)
        history = train(
            lambda batch: {"loss": -model.surrogate(estimator, batch, preset.num_samples).mean()},
            batches,
            optimisers(model, preset.learning_rate),
            preset.epochs(len(batches)),
            name=name,
            progress=progress,
        )
    return DiscreteRun(model, history)


@dataclass(frozen=True)
class DiscreteReport:
    """A model on pictures it has not seen: means per picture, in nats.

    Attributes:
        elbo: E_q[log p(x | z)] − KL with hard samples; higher is better.
        reconstruction: E_q[log p(x | z)].
        rate: KL(q ‖ p).
        log_evidence: log p(x) by importance sampling, too low on average.
        standard_error: Of the mean of `log_evidence`, from the weights alone.

    Example:
        >>> print(DiscreteReport(-24.0, -15.0, 9.0, -22.5, 0.01))
        ELBO −24.00 = −15.00 − 9.00; log p(x) ≈ −22.50 ± 0.01
    """

    elbo: float
    reconstruction: float
    rate: float
    log_evidence: float
    standard_error: float

    def __str__(self) -> str:
        """One line."""
        parts = f"{self.reconstruction:.2f} − {self.rate:.2f}"
        log_p = f"{self.log_evidence:.2f} ± {self.standard_error:.2f}"
        return f"ELBO {self.elbo:.2f} = {parts}; log p(x) ≈ {log_p}".replace("-", "−")


@torch.no_grad()
def evaluate_discrete(
    model: DiscreteVAE, x: Tensor, *, seed: int, num_samples: int = 200
) -> DiscreteReport:
    """The *discrete* bound, however the model was trained: every sample is hard.

    Args:
        model: Trained.
        x: Pictures, `[N, P]`.
        seed: Of the samples; the caller's random state is left as it was.
        num_samples: S, for each picture.
    """
    q = model.posterior(x)
    with torch.random.fork_rng([x.device] if x.device.type == "cuda" else []):
        torch.manual_seed(seed)
        likelihoods = model.log_likelihood(x, q.sample((num_samples,)))
        found = importance(q, lambda z: model.log_joint(x, z), num_samples, chunk_size=100)
    reconstruction, rate = likelihoods.mean().item(), model.rate(q).mean().item()
    error = (found.standard_error.square().sum().sqrt() / len(x)).item()
    log_evidence = found.log_evidence.mean().item()
    return DiscreteReport(reconstruction - rate, reconstruction, rate, log_evidence, error)


def pixel_baseline(train: Tensor, test: Tensor) -> float:
    """log p(x) without latent variables: every pixel by its frequency in training, in nats.

    One is added to each count, so that no test pixel is impossible.

    Example:
        >>> pixel_baseline(torch.zeros(8, 1), torch.zeros(1, 1))  # log 9/10
        -0.105...
    """
    p = (train.double().sum(0) + 1) / (len(train) + 2)
    return torch.distributions.Bernoulli(p).log_prob(test.double()).sum(-1).mean().item()
