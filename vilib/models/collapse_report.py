"""What is reported of a sentence VAE, or of a language model beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.bounds import importance, perplexity
from vilib.datasets import Batch
from vilib.models.active_units import active_units
from vilib.models.language_model import LanguageModel
from vilib.models.mutual_information import cross_log_prob, mutual_information
from vilib.models.sentence_vae import SentenceVAE

__all__ = ["CollapseReport", "report", "use_of_code", "watch"]


@dataclass(frozen=True)
class CollapseReport:
    """Means over the sentences of a split, in nats a sentence.

    Args:
        nll: −log p(x): exact for a language model, importance-sampled for a VAE (then too high on
            average, by about half the squared standard error of one sentence's estimate).
        nll_error: Standard error of the sampling, given the sentences; 0 where exact.
        nelbo: rate + distortion.
        rate: KL(q(z | x) ‖ p(z)).
        distortion: −E_q[log p(x | z)], one sample a sentence.
        information: The estimate of I(x; z); at most log N.
        active: Number of active dimensions.
        perplexity: exp of the nats a word, <eos> included, from `nll`.
        sentences: N.

    Example:
        >>> CollapseReport(17.0, 0.0, 17.0, 0.0, 17.0, 0.0, 0, 5.5, 500).nll
        17.0
    """

    nll: float
    nll_error: float
    nelbo: float
    rate: float
    distortion: float
    information: float
    active: int
    perplexity: float
    sentences: int


@torch.no_grad()
def report(
    model: SentenceVAE | LanguageModel, batches: Iterable[Batch], num_samples: int = 50
) -> CollapseReport:
    """Measure a model on a split; draws from torch's own random numbers.

    Args:
        model: With a code or without.
        batches: The split.
        num_samples: S of the importance-sampled log p(x).
    """
    parts: dict[str, list[Tensor]] = {}
    for batch in batches:
        numbers = measured(model, batch, num_samples)
        for name, value in (numbers | {"words": batch.mask.sum(-1) + 1}).items():
            parts.setdefault(name, []).append(value)
    whole = {name: torch.cat(values) for name, values in parts.items()}
    N, log_p = len(whole["words"]), whole["log_p"]
    used = {"information": 0.0, "active": 0}
    if isinstance(model, SentenceVAE):
        used = use_of_code(model, batches)
    return CollapseReport(
        nll=-log_p.mean().item(),
        nll_error=(whole["error"].square().sum().sqrt() / N).item(),
        nelbo=(whole["rate"] + whole["distortion"]).mean().item(),
        rate=whole["rate"].mean().item(),
        distortion=whole["distortion"].mean().item(),
        perplexity=perplexity(log_p, whole["words"]).item(),
        sentences=N,
        **used,
    )


def measured(
    model: SentenceVAE | LanguageModel, batch: Batch, num_samples: int
) -> dict[str, Tensor]:
    """The numbers of one batch, `[B]` each."""
    tokens, mask = batch.tokens, batch.mask
    if isinstance(model, LanguageModel):
        log_p = model.log_prob(tokens, mask)
        zero = torch.zeros_like(log_p)
        return {"log_p": log_p, "error": zero, "rate": zero, "distortion": -log_p}
    q = model.posterior(tokens, mask)
    found = importance(q, lambda z: model.log_joint(tokens, mask, z), num_samples, chunk_size=25)
    distortion = -model.log_likelihood(tokens, mask, q.sample((1,)))[0]
    return {
        "log_p": found.log_evidence,
        "error": found.standard_error,
        "rate": model.rate(q),
        "distortion": distortion,
    }


@torch.no_grad()
def use_of_code(model: SentenceVAE, batches: Iterable[Batch]) -> dict[str, float]:
    """The mutual information and the number of active units over all sentences of the batches."""
    codes = [model.posterior(batch.tokens, batch.mask) for batch in batches]
    means = torch.cat([q.mean for q in codes])
    z = torch.cat([q.sample() for q in codes])
    log_q = torch.cat([cross_log_prob(q, z) for q in codes], dim=1)
    return {
        "information": mutual_information(log_q).item(),
        "active": int(active_units(means).sum()),
    }


@torch.no_grad()
def watch(model: SentenceVAE, batches: Iterable[Batch]) -> dict[str, float]:
    """What is recorded during a run: rate, nelbo, information and active units of dev.

    It draws from random numbers of its own, so that looking changes nothing.

    Args:
        model: The model.
        batches: Dev, or a part of it.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        rates, losses = [], []
        for batch in batches:
            q = model.posterior(batch.tokens, batch.mask)
            rates.append(model.rate(q))
            losses.append(-model.log_likelihood(batch.tokens, batch.mask, q.sample((1,)))[0])
        rate, distortion = torch.cat(rates).mean().item(), torch.cat(losses).mean().item()
        seen = {"dev_rate": rate, "dev_nelbo": rate + distortion}
        return seen | use_of_code(model, batches)
