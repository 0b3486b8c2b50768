"""The M-step: the parameters that maximise the ELBO at given responsibilities."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.mixtures import draw_mixture
from vilib.checks.pair import two_results

__all__ = ["best_prior", "best_words", "m_step_is_the_maximiser", "uphill"]

MStep = Callable[[Tensor, Tensor, float], tuple[Tensor, Tensor]]


@careful
def m_step_is_the_maximiser(
    m_step: MStep,
    *,
    seed: int,
    smoothing: float = 0.5,
    num_components: int = 3,
    num_documents: int = 6,
    num_words: int = 4,
) -> None:
    """The M-step against counting by hand; and from its answer no direction leads uphill.

    Args:
        m_step: The learner's function: responsibilities `[B, K]`, counts `[B, V]`, smoothing →
            (log prior `[K]`, log words `[K, V]`), nats.
        seed: Draws responsibilities and documents.
        smoothing: Pseudo-count of every word.
        num_components: K.
        num_documents: B.
        num_words: V.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> m_step_is_the_maximiser(lambda q, counts, smoothing: (q @ q.T, counts), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: log p(z) is not right: its shape is (6, 6), not (3,)...
    """
    n = draw_mixture(seed, num_components, num_documents, num_words, longest=7).counts
    generator = torch.Generator().manual_seed(seed + 1)
    noise = torch.randn(num_documents, num_components, generator=generator, dtype=torch.double)
    q = noise.softmax(-1)
    returned = m_step(q.clone(), n.clone(), smoothing)
    log_prior, log_words = two_results("(log p(z), log p(w|z))", returned)
    expect("log p(z)", log_prior, best_prior(q).log(), prior_mistakes(q, n, smoothing))
    truth = best_words(q, n, smoothing).log()
    expect("log p(w|z)", log_words, truth, word_mistakes(q, n, smoothing))
    slope = uphill(q, n, smoothing, torch.as_tensor(log_words))
    if float(slope.abs().max()) > 1e-3 * float(n.sum()):
        raise Mistake("log p(w|z)", "a direction still leads uphill", yours=slope)
    passed(f"the M-step, {num_components} components, smoothing {smoothing}: nothing leads uphill")


def best_prior(q: Tensor) -> Tensor:
    """Each component's share of the documents, `[K]`, document by document."""
    return torch.stack([sum(row[k] for row in q) for k in range(q.shape[1])]) / len(q)


def best_words(q: Tensor, n: Tensor, smoothing: float) -> Tensor:
    """Shares of the expected counts, `[K, V]`, component by component and word by word."""
    expected = [[(q[:, k] * n[:, v]).sum() for v in range(n.shape[1])] for k in range(q.shape[1])]
    rows = [torch.stack(row) + smoothing for row in expected]
    return torch.stack([row / row.sum() for row in rows])


def uphill(q: Tensor, n: Tensor, smoothing: float, log_words: Tensor) -> Tensor:
    """Gradient of the ELBO + log p(θ) in the logits of θ, `[K, V]`; 0 at the maximum."""
    eta = log_words.detach().double().requires_grad_()
    log_theta = eta.log_softmax(-1)
    elbo = torch.einsum("bk,bv,kv->", q, n, log_theta) + smoothing * log_theta.sum()
    return torch.autograd.grad(elbo, eta)[0]


def prior_mistakes(q: Tensor, n: Tensor, smoothing: float) -> dict[str, Tensor]:
    """What each known mistake gives for log p(z), `[K]`."""
    K = q.shape[1]
    mass, words = q.sum(0), q.T @ n.sum(-1)
    return {
        "probabilities came back, not their logarithms": mass / len(q),
        "it is the expected number of documents: divide by how many there are": mass.log(),
        "the documents are weighted by their length; each chooses z once": (
            (words / words.sum()).log()
        ),
        "it is smoothed too; only the word lists have pseudo-counts": (
            ((mass + smoothing) / (mass + smoothing).sum()).log()
        ),
        "the documents are counted by their likeliest component: use the responsibilities": (
            one_hot(q.argmax(-1), K).double().mean(0).log()
        ),
        "it is uniform: it has to be estimated as well": torch.zeros(K).double().log_softmax(-1),
        "the logarithms are averaged: average, then take the logarithm": q.log().mean(0),
        "the responsibilities are softmaxed again: they are probabilities already": (
            q.softmax(-1).mean(0).log()
        ),
    }


def share(counts: Tensor) -> Tensor:
    """Logarithm of each word's share of a component's counts, `[K, V]`."""
    return (counts / counts.sum(-1, keepdim=True)).log()


def smoothing_mistakes(q: Tensor, n: Tensor, smoothing: float) -> dict[str, Tensor]:
    """What each known mistake with the pseudo-counts gives for log p(w | z), `[K, V]`."""
    c = q.T @ n
    plus = c + smoothing
    return {
        "the smoothing is missing": share(c),
        "the smoothing is added after normalising": (share(c).exp() + smoothing).log(),
        "the smoothing is added after normalising, and normalised again": (
            share(share(c).exp() + smoothing)
        ),
        "the smoothing is in the numerator only": (plus / c.sum(-1, keepdim=True)).log(),
        "the smoothing is counted once in the denominator, not once per word": (
            (plus / (c.sum(-1, keepdim=True) + smoothing)).log()
        ),
        "the smoothing is taken for α: here it is the pseudo-count α − 1": share(c + smoothing - 1),
        "the smoothing is one too large: it is the pseudo-count already": share(plus + 1),
        "the smoothing is shared out among the words; each gets all of it": (
            share(c + smoothing / c.shape[1])
        ),
        "the smoothing is added to every document, not to the sum over documents": (
            share(q.T @ (n + smoothing))
        ),
    }


def word_mistakes(q: Tensor, n: Tensor, smoothing: float) -> dict[str, Tensor]:
    """What each known mistake gives for log p(w | z), `[K, V]`."""
    c, hard = q.T @ n, one_hot(q.argmax(-1), q.shape[1]).double()
    plus = c + smoothing
    return smoothing_mistakes(q, n, smoothing) | {
        "probabilities came back, not their logarithms": share(plus).exp(),
        "it is not normalised: each component's words must sum to 1": plus.log(),
        "it is normalised over all components at once: each one's words must sum to 1": (
            (plus / plus.sum()).log()
        ),
        "it is divided by a component's documents: divide by its words": (
            (plus / q.sum(0)[:, None]).log()
        ),
        "log_softmax takes logarithms, and these are counts": plus.log_softmax(-1),
        "it is normalised over components: that is a share of each word": (
            (plus / plus.sum(0, keepdim=True)).log()
        ),
        "every document weighs the same: its counts were divided by its length": (
            share(q.T @ (n / n.sum(-1, keepdim=True)) + smoothing)
        ),
        "the documents are counted by their likeliest component: use the responsibilities": (
            share(hard.T @ n + smoothing)
        ),
        "the responsibilities are not used": share(n.sum(0).expand_as(c) + smoothing),
        "the responsibilities are turned to logarithms: they are the weights": (
            share(q.log().T @ n + smoothing)
        ),
        "the axes are swapped: components are rows, words are columns": share(plus).T,
    }
