"""The log-likelihood of padded sentences."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["sentence_log_likelihood_is_exact"]

WHAT = "log p(x), one number per sentence"
VOCABULARY = 7
LogLikelihood = Callable[[Tensor, Tensor, Tensor], Tensor]


@careful
def sentence_log_likelihood_is_exact(
    sentence_log_likelihood: LogLikelihood, *, seed: int, num_words: int = 5
) -> None:
    """Check ∑ₜ log softmax(logitsₜ)[targetₜ] over the words of each sentence, padding left out.

    The truth multiplies probabilities, one word after the other, in plain Python; it is compared
    again at logits in the thousands, where a softmax rounds to 0, and so is the gradient.

    Args:
        sentence_log_likelihood: Maps logits `[B, T, V]`, targets `[B, T]` and mask `[B, T]` to
            `[B]`, in nats.
        seed: Draws logits and words.
        num_words: T; the three sentences have T, T − 1 and 2 words.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def log_likelihood(logits, targets, mask):
        ...     each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
        ...     return (each * mask).sum(-1)
        >>> sentence_log_likelihood_is_exact(log_likelihood, seed=1)
        ✓ log p(x) is the log of the product of its words' probabilities, padding left out
        ✓ value and gradient survive logits of ±1000
    """
    logits, targets, mask = draw(seed, num_words)
    truth = by_multiplying(logits, targets, mask)
    yours = sentence_log_likelihood(logits.clone(), targets.clone(), mask.clone())
    expect(WHAT, yours, truth, known_mistakes(logits, targets, mask))
    passed("log p(x) is the log of the product of its words' probabilities, padding left out")
    judge_far_out(sentence_log_likelihood, targets, mask)
    passed("value and gradient survive logits of ±1000")


def draw(seed: int, num_words: int) -> tuple[Tensor, Tensor, Tensor]:
    """Logits, targets (0 at padding) and mask of three sentences."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.arange(num_words) < torch.tensor([num_words, num_words - 1, 2])[:, None]
    logits = torch.randn(3, num_words, VOCABULARY, generator=generator, dtype=torch.double)
    targets = torch.randint(1, VOCABULARY, (3, num_words), generator=generator) * mask
    return 1.5 * logits + 1.0, targets, mask


def by_multiplying(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """The log of a product of probabilities, `[B]`."""
    found = []
    for row, words, there in zip(logits.tolist(), targets.tolist(), mask.tolist()):
        product = 1.0
        for scores, word, counts in zip(row, words, there):
            if counts:
                product *= math.exp(scores[word]) / sum(map(math.exp, scores))
        found.append(math.log(product))
    return torch.tensor(found, dtype=torch.double)


def judge_far_out(sentence_log_likelihood: LogLikelihood, targets: Tensor, mask: Tensor) -> None:
    """All probability on word 2, so that word 1 has log-probability −1000."""
    logits = torch.full((*targets.shape, VOCABULARY), -1000.0, dtype=torch.double)
    logits[..., 1], logits[..., 2] = 0.0, 1000.0
    logits.requires_grad_()
    words = mask.long()  # word 1, and 0 at padding
    yours = sentence_log_likelihood(logits, words, mask)
    lost = "at logits of ±1000 it is lost to rounding; use log_softmax, not the log of a softmax"
    infinite = torch.full((3,), -math.inf, dtype=torch.double)
    nothing = torch.full((3,), math.nan, dtype=torch.double)
    truth = -1000.0 * mask.sum(-1).double()
    clipped = {lost: infinite, f"{lost} ": nothing}
    floor = "a small constant inside a logarithm hides the words that are hardly possible"
    if not torch.isfinite(torch.as_tensor(yours)).all():
        expect(WHAT, torch.full_like(truth, -1e9), truth, {lost: torch.full_like(truth, -1e9)})
    value = torch.as_tensor(yours).detach()
    if value.shape == truth.shape and bool((value > 0.9 * truth).all()):
        raise Mistake(WHAT, f"{floor}; use log_softmax", yours=yours, expected=truth)
    expect(WHAT, yours, truth, clipped)
    (slope,) = gradients(WHAT, yours, logits)
    right = torch.zeros_like(logits)
    right[..., 1], right[..., 2] = mask.double(), -mask.double()
    expect(f"the gradient of {WHAT}", slope, right)


def known_mistakes(logits: Tensor, targets: Tensor, mask: Tensor) -> Mistakes:
    """What each known mistake gives."""
    every = logits.log_softmax(-1)
    each = every.gather(-1, targets[..., None])[..., 0]
    total, T = (each * mask).sum(-1), mask.shape[-1]
    score = logits.gather(-1, targets[..., None])[..., 0]
    earlier = every[:, :-1].gather(-1, targets[:, 1:, None])[..., 0]
    later = every[:, 1:].gather(-1, targets[:, :-1, None])[..., 0]
    time = logits.log_softmax(1).gather(-1, targets[..., None])[..., 0]
    return {
        "padding is counted": each.sum(-1),
        "padding is kept and the words are dropped": (each * ~mask).sum(-1),
        "you took the mean over words; a sentence's log probability is their sum": (
            total / mask.sum(-1)
        ),
        "you took the mean over all positions; logs are summed": total / T,
        "the sign is that of a loss": -total,
        "the sign is that of a loss, and padding is counted": -each.sum(-1),
        "it is summed over the batch; one number per sentence is expected": total.sum(),
        "it is averaged over the batch; one number per sentence is expected": total.mean(),
        "logits are not log probabilities; normalise them with log_softmax": (score * mask).sum(-1),
        "you returned the probability, not its logarithm": total.exp(),
        "probabilities are added where their logarithms should be": (each.exp() * mask).sum(-1),
        "the softmax runs over time; it runs over the vocabulary": (time * mask).sum(-1),
        "each target is compared with the logits of the step before": (
            (earlier * mask[:, 1:]).sum(-1)
        ),
        "each target is compared with the logits of the step after": (later * mask[:, 1:]).sum(-1),
        "one number per word came back; sum over the words": each * mask,
        "the likeliest word is taken; the target is": (every.amax(-1) * mask).sum(-1),
        "all words of the vocabulary are added up; only the target's log probability counts": (
            (every * mask[..., None]).sum((1, 2))
        ),
        "the mask is put on the logits; a padded step still counts log 1/V": (
            (logits * mask[..., None]).log_softmax(-1).gather(-1, targets[..., None]).sum((1, 2))
        ),
        "padding is set to −∞; it adds 0": torch.where(mask.all(-1), total, -math.inf),
        "the last step is left out; <eos> is said too": (each * mask)[:, :-1].sum(-1),
        "the first step is left out; <bos> is no target": (each * mask)[:, 1:].sum(-1),
        "it is in bits; nats are expected": total / math.log(2),
        "it is the perplexity; the log probability is expected": (-total / mask.sum(-1)).exp(),
    }
