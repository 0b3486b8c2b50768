"""Rate and distortion of a small discrete model."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["rate_and_distortion_are_exact"]

RateDistortion = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


@careful
def rate_and_distortion_are_exact(
    rate_and_distortion: RateDistortion, *, seed: int, num_sentences: int = 4, num_codes: int = 3
) -> None:
    """Check R = E_x[KL(q(z|x) ‖ p(z))] and D = −E_x E_q[log p(x|z)], zeros in q included.

    The truth is a sum over sentences of `vilib.exact`'s expectations; with p(x, z) = p(z) p(x | z)
    R + D must be the mean of −ELBO, taken in one piece by `exact.elbo`.

    Args:
        rate_and_distortion: Maps p(x) `[N]`, q(z|x) `[N, K]`, p(z) `[K]` and log p(x|z) `[N, K]`
            to (rate `[]`, distortion `[]`), in nats.
        seed: Draws all four.
        num_sentences: N.
        num_codes: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def rate_and_distortion(data, q, prior, log_likelihood):
        ...     kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
        ...     return data @ kl, -data @ (q * log_likelihood).sum(-1)
        >>> rate_and_distortion_are_exact(rate_and_distortion, seed=1)
        ✓ rate and distortion equal the enumerated ones, and their sum is −ELBO
        ✓ both have the right gradient in q
        ✓ a q that is certain, with zeros, is no trouble
    """
    data, q, prior, log_likelihood = draw(seed, num_sentences, num_codes)
    judge(rate_and_distortion, data, q, prior, log_likelihood)
    passed("rate and distortion equal the enumerated ones, and their sum is −ELBO")
    judge_gradients(rate_and_distortion, data, q, prior, log_likelihood)
    passed("both have the right gradient in q")
    certain = torch.nn.functional.one_hot(q.argmax(-1), num_codes).double()
    judge(rate_and_distortion, data, certain, prior, log_likelihood)
    passed("a q that is certain, with zeros, is no trouble")


def draw(seed: int, N: int, K: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """p(x), q(z|x), p(z) and log p(x|z); each column of the last is a distribution over x."""
    generator = torch.Generator().manual_seed(seed)

    def logits(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.double)

    data, prior = logits(N).softmax(-1), logits(K).softmax(-1)
    return data, (1.5 * logits(N, K)).softmax(-1), prior, logits(N, K).log_softmax(0)


def judge(
    rate_and_distortion: RateDistortion, data: Tensor, q: Tensor, prior: Tensor, log_p: Tensor
) -> None:
    """Compare both numbers, and then their sum, with enumerations."""
    answer = rate_and_distortion(data.clone(), q.clone(), prior.clone(), log_p.clone())
    rate, distortion = two_results("(rate, distortion)", answer)
    if bool((q == 0).any()) and bool(torch.isnan(torch.as_tensor(rate)).any()):
        raise Mistake("the rate", "it is not a number where q is 0; there 0 · log 0 = 0")
    true_rate, true_distortion = enumerated(data, q, prior, log_p)
    rates, distortions = known_mistakes(data, q, prior, log_p)
    expect(
        "the rate", rate, true_rate, rates | {"rate and distortion are swapped": true_distortion}
    )
    expect("the distortion", distortion, true_distortion, distortions)
    row = torch.arange(len(data))
    nelbo = -exact.elbo(Categorical(q), lambda z: (prior.log() + log_p)[row, z]) @ data
    expect("rate + distortion", rate + distortion, nelbo)


def judge_gradients(
    rate_and_distortion: RateDistortion, data: Tensor, q: Tensor, prior: Tensor, log_p: Tensor
) -> None:
    """Compare ∂R/∂q and ∂D/∂q along the simplex: a rest that is the same for all z is no matter."""
    leaf = q.clone().requires_grad_()
    answer = rate_and_distortion(data.clone(), leaf, prior.clone(), log_p.clone())
    slopes = ((q / prior).log(), -log_p)
    for name, part, slope in zip(("the rate", "the distortion"), answer, slopes):
        (yours,) = gradients(name, part, leaf)
        yours, truth = (g - g.mean(-1, keepdim=True) for g in (yours, data[:, None] * slope))
        expect(f"the gradient of {name}", yours, truth)


def enumerated(data: Tensor, q: Tensor, prior: Tensor, log_p: Tensor) -> tuple[Tensor, Tensor]:
    """Both as sums over all sentences and codes of `vilib.exact`."""
    row, posterior = torch.arange(len(data)), Categorical(q)
    log_ratio = torch.where(q > 0, q.clamp_min(1e-300).log(), 0.0) - prior.log()
    rate = exact.expectation(posterior, lambda z: log_ratio[row, z]) @ data
    distortion = -exact.expectation(posterior, lambda z: log_p[row, z]) @ data
    return rate, distortion


def known_mistakes(
    data: Tensor, q: Tensor, prior: Tensor, log_p: Tensor
) -> tuple[Mistakes, Mistakes]:
    """What each known mistake gives, for the rate and for the distortion."""
    each = (torch.xlogy(q, q) - q * prior.log()).sum(-1)  # KL(q‖p), [N]
    loss = -(q * log_p).sum(-1)
    both = data @ (each + loss)
    rates = rate_mistakes(data, q, prior, each)
    distortions = distortion_mistakes(data, q, prior, log_p)
    return (
        rates | {"the rate and the distortion are added in one": both},
        distortions | {"the rate is in it already": both},
    )


def rate_mistakes(data: Tensor, q: Tensor, prior: Tensor, each: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the rate; `each` is a sentence's KL, `[N]`."""
    turned = (prior * (prior.log() - q.log())).sum(-1)
    K = q.shape[-1]
    return {
        "all sentences count alike; weigh them with p(x)": each.mean(),
        "it is summed over sentences without p(x)": each.sum(),
        "the KL is reversed; it is KL(q ‖ prior)": data @ turned,
        "the KL is averaged over codes; it is a sum": data @ each / K,
        "the sign is wrong; a KL is never negative": -(data @ each),
        "the prior is missing: it is minus the entropy of q": data @ torch.xlogy(q, q).sum(-1),
        "it is the entropy of q; the rate compares q with the prior": (
            -data @ torch.xlogy(q, q).sum(-1)
        ),
        "one number per sentence came back; take the mean under p(x)": each,
        "one number per sentence came back; add them up": data * each,
        "the mean of q takes the prior's place; that gives I(x; z)": (
            data @ (torch.xlogy(q, q) - q * (data @ q).log()).sum(-1)
        ),
        "the prior is taken to be uniform; it is given": (
            data @ torch.xlogy(q, q).sum(-1) + math.log(K)
        ),
        "log q is missing; the rate is E_q[log q(z|x) − log p(z)]": -data @ (q @ prior.log()),
        "it is in bits; nats are expected": data @ each / math.log(2),
    }


def distortion_mistakes(data: Tensor, q: Tensor, prior: Tensor, log_p: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the distortion."""
    loss = -(q * log_p).sum(-1)
    return {
        "all sentences count alike; weigh them with p(x)": loss.mean(),
        "it is summed over sentences without p(x)": loss.sum(),
        "the sign is wrong; it is minus a log-likelihood": -(data @ loss),
        "the mean is over the prior; it is over q": -data @ (log_p @ prior),
        "it is the log of a mean; it is the mean of the log": (
            -data @ (q * log_p.exp()).sum(-1).log()
        ),
        "the codes are averaged without q": -data @ log_p.mean(-1),
        "one number per sentence came back; take the mean under p(x)": loss,
        "one number per sentence came back; add them up": data * loss,
        "log p(z) is in it too; it belongs to the rate": (
            -data @ (q * (log_p + prior.log())).sum(-1)
        ),
        "it is −log p(x); the distortion is a mean under q": (
            -data @ (prior.log() + log_p).logsumexp(-1)
        ),
        "log p(x|z) is exponentiated; its mean is taken as it is": (
            -data @ (q * log_p.exp()).sum(-1)
        ),
        "only the likeliest z counts; it is a mean under q": (
            -data @ log_p.gather(-1, q.argmax(-1, keepdim=True))[:, 0]
        ),
        "it is in bits; nats are expected": data @ loss / math.log(2),
    }
