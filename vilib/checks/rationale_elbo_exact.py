"""The ELBO of a second reader that sees only the marked words."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Bernoulli, kl_divergence

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed
from vilib.checks.sentences import draw_sentences, log_mass
from vilib.checks.squeezed import squeezed

__all__ = ["rationale_elbo_is_exact"]

WHAT = "the ELBO, one number per review"
RationaleElbo = Callable[[Tensor, Tensor, Tensor, float], Tensor]


@careful
def rationale_elbo_is_exact(
    rationale_elbo: RationaleElbo, *, seed: int, prior_rate: float = 0.125
) -> None:
    """Check (1/S) Σₛ log p(y|x⊙zₛ) − Σᵢ KL(Bernoulli(σ(λᵢ)) ‖ Bernoulli(rate)), i over words.

    The truth of the KL is Σ_z q(z) [log q(z) − log p(z)] over all masks, in nats, `[B]`.

    Source of the model: Lei, Barzilay and Jaakkola, 2016, *Rationalizing neural predictions*,
    https://aclanthology.org/D16-1011.

    Args:
        rationale_elbo: Maps log-likelihood `[S, B]`, logits λ `[B, T]`, mask `[B, T]` and the
            prior's rate to `[B]`.
        seed: Seed of the reviews.
        prior_rate: Of a word; a power of ½ is exact in float32 too.

    Raises:
        Mistake: The value is wrong, or its gradient is.

    Example:
        >>> def elbo(log_likelihood, logits, mask, prior_rate):
        ...     kl = kl_divergence(Bernoulli(logits=logits), Bernoulli(torch.as_tensor(prior_rate)))
        ...     return log_likelihood.mean(0) - (kl * mask).sum(-1)
        >>> rationale_elbo_is_exact(elbo, seed=1)
        ✓ the ELBO agrees with the sum over all 64 masks, and so does its gradient
    """
    logits, mask, z = draw_sentences(seed)
    logits.requires_grad_()
    likelihood = (-((z.sum(-1) - 2.0) ** 2) / 4 - 1.0).requires_grad_()  # [S, B]
    rate = prior_rate
    value = rationale_elbo(likelihood, logits, mask.clone(), rate)
    rates = enumerated_rates(logits, mask, rate)
    truth = likelihood.mean(0) - rates
    expect(WHAT, value, truth, known_mistakes(likelihood, rates, logits, mask, rate))
    alone = (likelihood[:, 1:2], logits[1:2], mask[1:2])
    wrong = squeezed(truth[1:2]) | known_mistakes(alone[0], rates[1:2], *alone[1:], rate)
    expect(f"{WHAT},", rationale_elbo(*alone, rate), truth[1:2], wrong)
    for name, leaf in (("logits", logits), ("log-likelihood", likelihood)):
        (yours,), (right,) = gradients(WHAT, value, leaf), gradients(WHAT, truth, leaf)
        expect(
            f"the ELBO's gradient in the {name}",
            yours,
            right,
            {"no gradient reaches them; something is detached": torch.zeros_like(right)},
        )
    passed("the ELBO agrees with the sum over all 64 masks, and so does its gradient")


def enumerated_rates(logits: Tensor, mask: Tensor, rate: float) -> Tensor:
    """KL(q ‖ prior) as Σ_z q(z)[log q(z) − log p(z)] over the masks of its words, `[B]`."""

    def one(words: Tensor) -> Tensor:
        prior = torch.logit(torch.full_like(words, rate))
        q = torch.distributions.Independent(Bernoulli(logits=words), 1)
        return -exact.elbo(q, lambda z: log_mass(z, prior)).squeeze()

    return torch.stack([one(row[keep]) for row, keep in zip(logits, mask)])


def kl_mistakes(likelihood: Tensor, logits: Tensor, mask: Tensor, rate: float) -> dict[str, Tensor]:
    """What comes of another KL than that of q and the prior on the words."""
    p = logits.sigmoid()
    marked, unmarked = p * (p / rate).log(), p * torch.tensor(rate).log()
    q, prior = Bernoulli(logits=logits), Bernoulli(torch.full_like(logits, rate))
    odd = Bernoulli(torch.full_like(logits, 1 - rate))
    squashed = Bernoulli(logits=torch.full_like(logits, rate))
    kl = kl_divergence(q, prior)
    return {
        "the KL is reversed; it is KL(q ‖ prior)": (
            likelihood - (kl_divergence(prior, q) * mask).sum(-1)
        ),
        "padding is counted in the KL": likelihood - kl.sum(-1),
        "the prior's rate is used as a logit; it is a probability": (
            likelihood - (kl_divergence(q, squashed) * mask).sum(-1)
        ),
        "the prior is given to the words that are left out": (
            likelihood - (kl_divergence(q, odd) * mask).sum(-1)
        ),
        "the KL has only the term of marked words; unmarked ones have (1 − p) log …": (
            likelihood - (marked * mask).sum(-1)
        ),
        "log q is missing from the KL: E_q[−log p(z)] alone is a cross-entropy": (
            likelihood + ((unmarked + (1 - p) * torch.tensor(1 - rate).log()) * mask).sum(-1)
        ),
        "the sigmoid is applied twice to the logits": (
            likelihood - (kl_divergence(Bernoulli(logits=p), prior) * mask).sum(-1)
        ),
    }


def known_mistakes(
    samples: Tensor, rates: Tensor, logits: Tensor, mask: Tensor, rate: float
) -> Mistakes:
    """What each known mistake gives; `samples` are the log-likelihoods, `[S, B]`."""
    likelihood, words = samples.mean(0), mask.sum(-1)
    log_mean = samples.logsumexp(0) - torch.tensor(len(samples)).log()
    return kl_mistakes(likelihood, logits, mask, rate) | {
        "the KL is missing, or is zero": likelihood,
        "the KL has the wrong sign; it is a price": likelihood + rates,
        "the KL is averaged over words; it is a sum": likelihood - rates / words,
        "the KL is averaged over all positions; it is a sum over words": (
            likelihood - rates / mask.shape[-1]
        ),
        "the batch is averaged; one ELBO per review is expected": (likelihood - rates).mean(),
        "the batch is summed; one ELBO per review is expected": (likelihood - rates).sum(),
        "the samples are summed; the expectation is their mean": 4 * likelihood - rates,
        "the samples are not averaged; the expectation is their mean": samples - rates,
        "it is the log of a mean likelihood; the bound has the mean of log-likelihoods": (
            log_mean - rates
        ),
        "the KL is summed over the batch too; each review pays for its own words": (
            likelihood - rates.sum()
        ),
        "the log-likelihood is averaged over the batch too": likelihood.mean() - rates,
        "the KL is divided by the number of samples; it is paid in full": (
            likelihood - rates / len(samples)
        ),
        "it is the negative ELBO": rates - likelihood,
    }
