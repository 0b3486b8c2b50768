"""An encoder that descends rate + distortion while the decoder has no use for its code."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results
from vilib.checks.rate_distortion_exact import RateDistortion, draw

__all__ = ["collapse_is_reached"]

STEPS, LEARNING_RATE = 40, 0.3


@careful
def collapse_is_reached(rate_and_distortion: RateDistortion, *, seed: int) -> None:
    """Descend the learner's rate + distortion over q: the rate must go to 0, the sum to H(x).

    The decoder is a perfect language model, log p(x | z) = log p(x) for every z. Nothing is random:
    q starts from given probabilities and takes 40 steps of exponentiated gradient
    descent, log q ← log q − η ∇_q / p(x), normalised: the way to the prior is straight.

    Args:
        rate_and_distortion: As in `rate_and_distortion_are_exact`.
        seed: Draws p(x), p(z) and where q starts.

    Raises:
        Mistake: The rate stays away from 0, or the sum from the entropy.

    Example:
        >>> def rate_and_distortion(data, q, prior, log_likelihood):
        ...     kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
        ...     return data @ kl, -data @ (q * log_likelihood).sum(-1)
        >>> collapse_is_reached(rate_and_distortion, seed=1)
        ✓ descending your rate + distortion, the rate fell from 0.26 to 0.00 nats: collapse
        ✓ and rate + distortion ended at 1.36 nats, the entropy of the language
    """
    data, start, prior, _ = draw(seed, 4, 3)
    log_likelihood = data.log()[:, None].expand(4, 3)
    log_q, rates = start.log(), []
    for _ in range(STEPS):
        q = log_q.exp().requires_grad_()
        rate, distortion = terms(rate_and_distortion(data, q, prior, log_likelihood))
        nelbo = rate + distortion
        if not nelbo.requires_grad:
            raise Mistake("rate + distortion", "no gradient flows back to q; is it detached?")
        (slope,) = torch.autograd.grad(nelbo, q)
        log_q = (log_q - LEARNING_RATE * slope / data[:, None]).log_softmax(-1)
        rates.append(rate.item())
    nelbo = nelbo.item()
    entropy = -(data @ data.log()).item()
    if not abs(rates[-1]) < 0.02:
        raise Mistake("the rate after descent", "q did not go to the prior", yours=rates[-1])
    passed(
        f"descending your rate + distortion, the rate fell from {rates[0]:.2f} to "
        f"{abs(rates[-1]):.2f} nats: collapse"
    )
    if not abs(nelbo - entropy) < 0.05:
        raise Mistake(
            "rate + distortion after descent",
            "it is not the entropy of the language",
            yours=nelbo,
            expected=entropy,
        )
    passed(f"and rate + distortion ended at {nelbo:.2f} nats, the entropy of the language")


def terms(answer: object) -> tuple[Tensor, Tensor]:
    """The two numbers of an answer."""
    what = "(rate, distortion)"
    truth = torch.zeros((), dtype=torch.double)
    found = [as_value(what, part, truth) for part in two_results(what, answer)]
    for part in found:
        if part.dim():
            raise Mistake(what, f"two numbers are expected, and one has shape {tuple(part.shape)}")
    return found[0], found[1]
