"""A small model with a continuous latent variable, shared by the checks of the Monte Carlo ELBO.

z ~ Normal is the log rate of a word in a document, count | z ~ Poisson(exp z). q is normal, and
off on
purpose, so that every term of the ELBO matters. Expectations are sums over quadrature nodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor
from torch.distributions import Distribution, Normal, Poisson

from vilib import exact
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake
from vilib.checks.pair import two_results

__all__ = ["MonteCarloElbo", "WordCounts", "repeat"]

MonteCarloElbo = Callable[[Distribution, Distribution, Tensor, int], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class WordCounts:
    """q `[B]`, prior `[]` and counts `[B]`, with exact expectations.

    Example:
        >>> words = WordCounts.draw(seed=1, num_documents=3)
        >>> gap = words.log_evidence() - words.mean(words.log_ratio)
        >>> bool((gap > 0).all())
        True
    """

    q: Normal
    prior: Normal
    count: Tensor

    @classmethod
    def draw(cls, seed: int, num_documents: int) -> WordCounts:
        """Random counts, and for each a q a little wider than the posterior and beside it."""
        generator = torch.Generator().manual_seed(seed)
        count = torch.randint(6, 14, (num_documents,), generator=generator).double()
        side = 2 * torch.randint(0, 2, (num_documents,), generator=generator).double() - 1
        sd = 1.2 / (1 + count).sqrt()
        half, one = torch.tensor([0.5, 1.0], dtype=torch.double)
        return cls(Normal(count.log() + 0.3 * side, sd), Normal(half, one), count)

    def log_likelihood(self, z: Tensor) -> Tensor:
        """log p(count | z), `[N, B]`."""
        return Poisson(z.exp()).log_prob(self.count)

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(count, z), `[N, B]`."""
        return self.prior.log_prob(z) + self.log_likelihood(z)

    def log_ratio(self, z: Tensor) -> Tensor:
        """log p(count, z) − log q(z), `[N, B]`: the ELBO is its mean under q."""
        return self.log_joint(z) - self.q.log_prob(z)

    def mean(self, f: Callable[[Tensor], Tensor], under: Normal | None = None) -> Tensor:
        """E_q[f(z)], or the mean under another distribution, `[B]`."""
        q = self.q if under is None else under.expand(self.count.shape)
        return exact.expectation(q, f, nodes())

    def variance(self, f: Callable[[Tensor], Tensor], power: int = 2) -> Tensor:
        """Var_q[f(z)], or a higher central moment, `[B]`."""
        center = self.mean(f)
        return self.mean(lambda z: (f(z) - center) ** power)

    def log_evidence(self) -> Tensor:
        """log p(count), `[B]`."""
        return exact.log_evidence(lambda z: self.log_joint(z[:, None]), nodes())


@lru_cache
def nodes() -> exact.Points:
    """Quadrature nodes; finding them costs more than all the sums over them."""
    return exact.quadrature(-8.0, 8.0, num=400)


def repeat(
    monte_carlo_elbo: MonteCarloElbo, words: WordCounts, num_samples: int, runs: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Estimates and standard errors of independent runs, each `[runs, B]`.

    Raises:
        Mistake: A run returns something else than two results of shape `[B]`.
    """
    what, results = "(estimate, standard error)", []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for _ in range(runs):
            pair = one_run(monte_carlo_elbo, words, num_samples)
            values = [as_value(what, v, words.count).detach() for v in two_results(what, pair)]
            for name, value in zip(("the estimate", "the standard error"), values):
                one_per_document(name, value, words.count.shape, num_samples)
            results.append(values)
    estimates, errors = zip(*results)
    return torch.stack(estimates), torch.stack(errors)


def one_run(monte_carlo_elbo: MonteCarloElbo, words: WordCounts, num_samples: int) -> object:
    """What the learner's function returns, or a `Mistake` if its Poisson is no distribution."""
    try:
        return monte_carlo_elbo(words.q, words.prior, words.count.clone(), num_samples)
    except ValueError as failure:
        if "rate" in str(failure):
            sentence = "the rate of the Poisson is exp(z), not z itself"
        elif f"Size([{num_samples}])" in str(failure):
            sentence = "the samples come from the prior, not from q: they are `[S]`, not `[S, B]`"
        else:
            raise
        raise Mistake("the Monte Carlo ELBO", sentence) from None


def one_per_document(what: str, value: Tensor, shape: torch.Size, num_samples: int) -> None:
    """Pass one number per document; otherwise say which axis was averaged."""
    if value.shape == shape:
        return
    alone = shape == (1,)
    diagnosis = {
        (num_samples,): "it is averaged over documents, not over samples; samples are axis 0",
        (): "for a single document its axis is gone: squeeze() takes every axis of length 1"
        if alone
        else "it is averaged over documents too; one number per document is asked for",
        (num_samples, *shape): "it is not averaged: one value per sample came back",
    }.get(tuple(value.shape), f"its shape is {tuple(value.shape)}, not {tuple(shape)}")
    raise Mistake(what, diagnosis)
