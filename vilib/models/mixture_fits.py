"""Two more ways to fit a mixture, by gradients: of log p(x) itself, and of an amortised ELBO."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vilib.models.expectation_maximisation import bound, log_smoothing
from vilib.models.mixture import Mixture
from vilib.training.progress import Progress

__all__ = ["MixtureEncoder", "MixtureFit", "amortised_gap", "fit_amortised", "fit_by_gradient"]


class MixtureEncoder(nn.Module):
    """q(z | x) from a small network that reads log(1 + count) of every word.

    Args:
        vocabulary_size: V.
        num_components: K.
        hidden: Width.

    Example:
        >>> MixtureEncoder(7, 3)(torch.ones(2, 7)).shape
        torch.Size([2, 3])
    """

    def __init__(self, vocabulary_size: int, num_components: int, hidden: int = 64) -> None:
        super().__init__()
        self.read = nn.Linear(vocabulary_size, hidden)
        self.write = nn.Linear(hidden, num_components)

    def forward(self, counts: Tensor) -> Tensor:
        """log q(z | x), `[B, V]` → `[B, K]`, nats."""
        return self.write(torch.tanh(self.read(counts.log1p()))).log_softmax(-1)


class MixtureFit(NamedTuple):
    """What a fit came to.

    Attributes:
        mixture: The last parameters.
        trace: The objective before each step, of all documents, nats: log p(x | θ) + log p(θ), or
            the ELBO in the place of log p(x | θ).
        encoder: The inference network, if there is one.
    """

    mixture: Mixture
    trace: list[float]
    encoder: MixtureEncoder | None = None


def fit_by_gradient(
    start: Mixture,
    counts: Tensor,
    num_steps: int,
    learning_rate: float,
    smoothing: float = 0.0,
    progress: bool = False,
) -> MixtureFit:
    """Adam on log p(x | θ) + log p(θ), all documents at every step. No q anywhere.

        ∇ log p(x) = E_{p(z | x)}[∇ log p(x, z)]

    Autograd finds this by itself: the posterior is the derivative of the logsumexp.

    Args:
        start: Where to begin.
        counts: The documents, `[B, V]`.
        num_steps: How many steps; each reads all documents once, as a step of EM does.
        learning_rate: Of Adam, on the logits of prior and word lists; falls to 0 linearly.
        smoothing: As in `vilib.models.expectation_maximisation.m_step`.
        progress: Whether to show a bar.

    Example:
        >>> counts = torch.tensor([[5.0, 0.0], [4.0, 1.0], [0.0, 5.0]])
        >>> start = Mixture(torch.zeros(2) - 0.693147, torch.tensor([[0.6, 0.4], [0.4, 0.6]]).log())
        >>> fit = fit_by_gradient(start, counts, num_steps=50, learning_rate=0.1)
        >>> fit.trace[0] < fit.trace[-1]
        True
    """

    def objective(mixture: Mixture) -> Tensor:
        return mixture.log_evidence(counts).sum() + log_smoothing(mixture, smoothing)

    return climb(start, objective, [], num_steps, learning_rate, "gradient", progress)


def fit_amortised(
    start: Mixture,
    counts: Tensor,
    encoder: MixtureEncoder,
    num_steps: int,
    learning_rate: float,
    encoder_rate: float,
    smoothing: float = 0.0,
    progress: bool = False,
) -> MixtureFit:
    """Adam on ELBO(q_λ, θ) + log p(θ), in θ and the encoder's λ together.

    The sum over z is exact: no sampling, no estimator. What is left of the gap is the encoder's.

    Args:
        start: Where to begin.
        counts: The documents, `[B, V]`.
        encoder: Trained in place.
        num_steps: As in `fit_by_gradient`.
        learning_rate: As there, for θ.
        encoder_rate: For λ.
        smoothing: As there.
        progress: Whether to show a bar.

    Source: D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes,
        https://arxiv.org/abs/1312.6114

    Example:
        >>> counts = torch.tensor([[5.0, 0.0], [4.0, 1.0], [0.0, 5.0]])
        >>> start = Mixture(torch.zeros(2) - 0.693147, torch.tensor([[0.6, 0.4], [0.4, 0.6]]).log())
        >>> fit = fit_amortised(start, counts, MixtureEncoder(2, 2), 100, 0.1, encoder_rate=0.01)
        >>> bool((amortised_gap(fit.encoder, fit.mixture, counts) >= 0).all())
        True
    """

    def objective(mixture: Mixture) -> Tensor:
        elbo = bound(encoder(counts).exp(), mixture.log_joint(counts)).sum()
        return elbo + log_smoothing(mixture, smoothing)

    weights = [{"params": encoder.parameters(), "lr": encoder_rate}]
    fit = climb(start, objective, weights, num_steps, learning_rate, "amortised", progress)
    return fit._replace(encoder=encoder)


def amortised_gap(encoder: MixtureEncoder, mixture: Mixture, counts: Tensor) -> Tensor:
    """KL(q(z | x) ‖ p(z | x)) of each document, `[B]`, nats: what the encoder loses."""
    with torch.no_grad():
        log_q = encoder(counts)
        log_p = mixture.log_joint(counts).log_softmax(-1)
        return (log_q.exp() * (log_q - log_p)).sum(-1).clamp_min(0)


def climb(
    start: Mixture,
    objective: Callable[[Mixture], Tensor],
    weights: list[dict],
    num_steps: int,
    learning_rate: float,
    name: str,
    progress: bool,
) -> MixtureFit:
    """Adam, uphill, on the logits of the mixture and on further groups of weights."""
    logits = Mixture(*(part.detach().clone().requires_grad_() for part in start))
    adam = torch.optim.Adam([{"params": [*logits]}, *weights], lr=learning_rate)
    falling = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, num_steps)
    trace = []
    with Progress(num_steps, name, shown=progress) as bar:
        for _ in range(num_steps):
            adam.zero_grad()
            value = objective(normalised(logits))
            (-value).backward()
            adam.step()
            falling.step()
            trace.append(float(value.detach()))
            bar.advance()
        bar.say(f"objective {trace[-1]:,.0f} nats")
    return MixtureFit(Mixture(*(part.detach() for part in normalised(logits))), trace)


def normalised(logits: Mixture) -> Mixture:
    """The mixture of unconstrained logits."""
    return Mixture(logits.log_prior.log_softmax(-1), logits.log_words.log_softmax(-1))
