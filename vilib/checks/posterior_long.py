"""A posterior that survives documents whose probability is too small for a float."""

from __future__ import annotations

import torch

from vilib.checks.careful import careful
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results
from vilib.checks.posterior_exact import ExactPosterior, judge_posterior

__all__ = ["posterior_survives_long_documents"]


@careful
def posterior_survives_long_documents(
    exact_posterior: ExactPosterior, *, seed: int, num_flips: int = 1200
) -> None:
    """log p(z|x) and log p(x) where p(x, z) itself is below the smallest float64.

    Args:
        exact_posterior: As in `posterior_is_exact`.
        seed: Draws coins and flips.
        num_flips: T. At 1,200 flips log p(x) is below −800; float64 ends at −745.

    Raises:
        Mistake: Infinite or wrong values.

    Example:
        >>> def answer(prior, heads, flips):
        ...     p = torch.where(flips[..., None] > 0, heads, 1 - heads).prod(1)
        ...     return p.log(), p.sum(-1).log()
        >>> posterior_survives_long_documents(answer, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: it is not finite: p(x, z) underflows...
    """
    generator = torch.Generator().manual_seed(seed)
    prior = torch.tensor([0.5, 0.3, 0.2], dtype=torch.double)
    jitter = 0.05 * torch.rand(3, generator=generator, dtype=torch.double)
    heads = torch.tensor([0.3, 0.5, 0.7], dtype=torch.double) + jitter
    flips = (torch.rand(2, num_flips, generator=generator) < 0.5).double()
    what = f"(log p(z|x), log p(x)) of a document of {num_flips} flips"
    returned = exact_posterior(prior.clone(), heads.clone(), flips.clone())
    for value in (as_value(what, v, prior) for v in two_results(what, returned)):
        if not bool(torch.isfinite(value).all()):
            raise Mistake(
                what,
                "it is not finite: p(x, z) underflows to 0; stay with logarithms (logsumexp)",
                yours=value,
            )
    try:
        judge_posterior(exact_posterior, prior, heads, flips)
    except Mistake as mistake:
        if "by no mistake" not in mistake.diagnosis:
            raise
        sentence = "p(x, z) underflows, and a bound on it hides that; stay with logarithms"
        raise Mistake(what, sentence) from None
    passed(f"both stay finite for documents of {num_flips} flips")
