"""The log-probability of a selection of words."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Bernoulli

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, agree, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.sentences import draw_sentences
from vilib.checks.squeezed import squeezed

__all__ = ["log_pmf_is_exact"]

WHAT = "log q(z|x), one number per sample and review"
LogPmf = Callable[[Tensor, Tensor, Tensor], Tensor]


@careful
def log_pmf_is_exact(log_pmf: LogPmf, *, seed: int) -> None:
    """Check log q(z|x) = Σᵢ maskᵢ [zᵢ log σ(λᵢ) + (1 − zᵢ) log σ(−λᵢ)] against the closed form.

    Args:
        log_pmf: Maps z `[S, B, T]`, logits λ `[B, T]` and mask `[B, T]` to `[S, B]`.
        seed: Seed of the reviews.

    Raises:
        Mistake: A value is wrong, or is lost at logits of ±1000.

    Example:
        >>> from torch.distributions import Bernoulli
        >>> log_pmf_is_exact(lambda z, l, m: (Bernoulli(logits=l).log_prob(z) * m).sum(-1), seed=1)
        ✓ log q(z|x) is exact, padding left out, also at logits of ±1000
    """
    mixed, mask, z = draw_sentences(seed)
    # below 0 exp(logit) is a probability too, so that the confusion can be recognised
    for logits in (-mixed.abs(), mixed):
        value = log_pmf(z.clone(), logits.clone(), mask.clone())
        expect(WHAT, value, truth(z, logits, mask), known_mistakes(z, logits, mask))
    alone = (z[:1, 1:2], mixed[1:2], mask[1:2])  # one sample of one sentence
    wrong = squeezed(truth(*alone)) | known_mistakes(*alone)
    expect(WHAT, log_pmf(*(t.clone() for t in alone)), truth(*alone), wrong)
    far = 1000 * mixed.sign()
    value = as_value(WHAT, log_pmf(z.clone(), far.clone(), mask.clone()), z)
    if not agree(value, truth(z, far, mask)):
        diagnosis = (
            "at logits of ±1000 it is lost to rounding; use logsigmoid, not the log of a sigmoid"
        )
        raise Mistake(WHAT, diagnosis, yours=value, expected=truth(z, far, mask))
    leaf = far.clone().requires_grad_()
    (slope,) = gradients(WHAT, log_pmf(z.clone(), leaf, mask.clone()), leaf)
    expect("its gradient at logits of ±1000", slope, ((z - far.sigmoid()) * mask).sum(0))
    passed("log q(z|x) is exact, padding left out, also at logits of ±1000")


def terms(z: Tensor, logits: Tensor) -> Tensor:
    """One log-probability per word, `[S, B, T]`."""
    log_sigmoid = torch.nn.functional.logsigmoid
    return torch.where(z > 0.5, log_sigmoid(logits), log_sigmoid(-logits))


def truth(z: Tensor, logits: Tensor, mask: Tensor) -> Tensor:
    """The closed form, `[S, B]`."""
    return (terms(z, logits) * mask).sum(-1)


def known_mistakes(z: Tensor, logits: Tensor, mask: Tensor) -> Mistakes:
    """What each known mistake gives."""
    right, words = truth(z, logits, mask), mask.sum(-1)
    wrong_p = torch.where(z > 0.5, logits, torch.log1p(-logits.exp()))
    return {
        "you returned the probability, not its logarithm": right.exp(),
        "z and 1 − z are swapped": truth(z, -logits, mask),
        "exp(logit) is used as the probability; it is sigmoid(logit)": (wrong_p * mask).sum(-1),
        "padding is counted": terms(z, logits).sum(-1),
        "padding is kept and the words are dropped": truth(z, logits, ~mask),
        "you took the mean over words; independent words multiply, so logs are summed": right
        / words,
        "you took the mean over all positions; logs are summed": right / mask.shape[-1],
        "it is summed over the batch; one number per review is expected": right.sum(-1),
        "it is summed over everything; one number per sample and review is expected": right.sum(),
        "words that are not marked have a probability too; their (1 − z) log(1 − p) is missing": (
            (terms(z, logits) * z).sum(-1)
        ),
        "the sign is that of a loss": -right,
        "the logits at padding are set to 0: padding then counts log ½, drop its terms": (
            terms(z, logits * mask).sum(-1)
        ),
        "the sigmoid is applied twice": (terms(z, logits.sigmoid()) * mask).sum(-1),
        "z is not used: this is its expectation under q, the negative entropy": (
            -(Bernoulli(logits=logits).entropy() * mask).sum(-1).expand_as(right)
        ),
        "1 − log σ(λ) stands where log(1 − σ(λ)) = log σ(−λ) belongs": (
            torch.where(z > 0.5, terms(z, logits), 1 - terms(1 - z, logits)) * mask
        ).sum(-1),
        "it is averaged over samples; one number per sample is expected": right.mean(0),
        "it is not summed over words": terms(z, logits) * mask,
    } | {
        f"a constant, {shift:g}, is added inside the logarithm: logsigmoid needs none": (
            ((terms(z, logits).exp() + shift).log() * mask).sum(-1)
        )
        for shift in (1e-5, 1e-6, 1e-7, 1e-8)
    }
