"""Perplexity of a corpus from importance weights."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["perplexity_is_exact"]

WHAT = "the perplexity, one number"
Perplexity = Callable[[Tensor, Tensor], Tensor]


@careful
def perplexity_is_exact(perplexity: Perplexity, *, seed: int, num_samples: int = 4) -> None:
    """Check exp(−∑_b log 1/S ∑ₛ w_sb / ∑_b T_b), also where weights underflow.

    The truth is worked out in plain Python, with the largest weight of each sentence taken out.

    Args:
        perplexity: Maps log weights `[S, B]` and numbers of words `[B]` to `[]`.
        seed: Draws both.
        num_samples: S.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def perplexity(log_weights, num_words):
        ...     log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
        ...     return (-log_p.sum() / num_words.sum()).exp()
        >>> perplexity_is_exact(perplexity, seed=1)
        ✓ perplexity: the log of the mean weight, summed over sentences, per word of the corpus
        ✓ weights of e⁻⁹⁰⁰ are no trouble
    """
    generator = torch.Generator().manual_seed(seed)
    num_words = torch.tensor([3.0, 7.0, 12.0, 5.0, 9.0], dtype=torch.double)
    spread = 2.5 * torch.randn(num_samples, 5, generator=generator, dtype=torch.double)
    log_weights = spread - 1.7 * num_words
    judge(perplexity, log_weights, num_words)
    passed("perplexity: the log of the mean weight, summed over sentences, per word of the corpus")
    long = torch.tensor([300.0, 420.0, 350.0, 390.0, 410.0], dtype=torch.double)
    judge(perplexity, spread - 2.4 * long, long)
    passed("weights of e⁻⁹⁰⁰ are no trouble")


def judge(perplexity: Perplexity, log_weights: Tensor, num_words: Tensor) -> None:
    """Compare one corpus."""
    truth = by_summing(log_weights, num_words)
    value = as_value(WHAT, perplexity(log_weights.clone(), num_words.clone()), truth)
    if num_words.min() > 100 and not bool(torch.isfinite(value.detach()).all()):
        lost = "weights of e⁻⁹⁰⁰ underflow to 0; stay in logarithms (logsumexp)"
        raise Mistake(WHAT, lost, yours=value, expected=truth)
    if num_words.min() > 100 and value.shape == truth.shape and bool(value < 0.9 * truth):
        floor = "a small constant hides weights of e⁻⁹⁰⁰; stay in logarithms (logsumexp)"
        raise Mistake(WHAT, floor, yours=value, expected=truth)
    expect(WHAT, value, truth, known_mistakes(log_weights, num_words))


def by_summing(log_weights: Tensor, num_words: Tensor) -> Tensor:
    """In plain Python, `[]`."""
    total = 0.0
    for weights in log_weights.T.tolist():
        top = max(weights)
        total += top + math.log(sum(math.exp(w - top) for w in weights) / len(weights))
    return torch.tensor(math.exp(-total / sum(num_words.tolist())), dtype=torch.double)


def weight_mistakes(log_weights: Tensor, num_words: Tensor) -> dict[str, Tensor]:
    """What comes of weights that are put together in another way."""
    S, T = len(log_weights), num_words.double()
    return {
        "it is the mean of the log weights, the ELBO; take the log of the mean weight": (
            (-log_weights.mean(0).sum() / T.sum()).exp()
        ),
        "the weights are summed over samples; log S is missing": (
            (-log_weights.logsumexp(0).sum() / T.sum()).exp()
        ),
        "the best weight is taken; take the mean": (-log_weights.amax(0).sum() / T.sum()).exp(),
        "the mean is over sentences; it is over samples, the first axis": (
            (-(log_weights.logsumexp(1) - math.log(len(T))).sum() / T.sum()).exp()
        ),
        "log of the number of sentences is subtracted; that of the samples is": (
            (-(log_weights.logsumexp(0) - math.log(len(T))).sum() / T.sum()).exp()
        ),
        "log S is added; it is subtracted": (
            (-(log_weights.logsumexp(0) + math.log(S)).sum() / T.sum()).exp()
        ),
        "the log weights of all samples are added up; one log p(x) per sentence is wanted": (
            (-log_weights.sum() / T.sum()).exp()
        ),
        "every sample has a perplexity of its own here; take the mean weight of a sentence first": (
            (-log_weights.sum(1) / T.sum()).exp().mean()
        ),
        "the mean is over whole corpora; it is over the samples of each sentence": (
            (-(log_weights.sum(1).logsumexp(0) - math.log(S)) / T.sum()).exp()
        ),
        "sentences and samples are averaged together; each sentence has its own mean weight": (
            (-(log_weights.logsumexp((0, 1)) - math.log(log_weights.numel())) / T.sum()).exp()
        ),
    }


def known_mistakes(log_weights: Tensor, num_words: Tensor) -> Mistakes:
    """What each known mistake gives."""
    S, T = len(log_weights), num_words.double()
    log_p = log_weights.logsumexp(0) - math.log(S)
    return weight_mistakes(log_weights, num_words) | {
        "the sentences' perplexities are averaged; sum nats and words first": (
            (-log_p / T).exp().mean()
        ),
        "the nats per word of each sentence are averaged; sum nats and words first": (
            (-log_p / T).mean().exp()
        ),
        "it is the perplexity of a sentence; divide by the words": (-log_p.mean()).exp(),
        "the sign is wrong; a perplexity is at least 1": (log_p.sum() / T.sum()).exp(),
        "it is in nats per word; take the exponential": -log_p.sum() / T.sum(),
        "2 to the power of nats; nats go with e": 2 ** (-log_p.sum() / T.sum()),
        "one perplexity per sentence came back; one for the corpus is expected": (-log_p / T).exp(),
        "<eos> is counted a second time": (-log_p.sum() / (T + 1).sum()).exp(),
        "<eos> is left out of the words; it is counted already": (
            (-log_p.sum() / (T - 1).sum()).exp()
        ),
        "the nats are averaged, the words are summed": (-log_p.mean() / T.sum()).exp(),
        "the words are averaged, the nats are summed": (-log_p.sum() / T.mean()).exp(),
    }
