"""Which component answers for which document."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.mixtures import SmallMixture, draw_mixture

__all__ = ["responsibilities_are_exact"]

WHAT = "p(z|x)"
# words of the long document: their probability is far below the smallest float
LONG = 3000


@careful
def responsibilities_are_exact(
    responsibilities: Callable[[Tensor, Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_components: int = 3,
    num_documents: int = 5,
    num_words: int = 4,
) -> None:
    """p(z|x) of a mixture of categoricals against enumeration, also for a document of 3,000 words.

    Args:
        responsibilities: The learner's function: log prior `[K]`, log words `[K, V]`, counts
            `[B, V]` → `[B, K]`.
        seed: Draws parameters and documents.
        num_components: K.
        num_documents: B.
        num_words: V.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> responsibilities_are_exact(lambda log_prior, log_words, counts: counts, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: p(z|x) is not right: its shape is (5, 4), not (5, 3)...
    """
    small = draw_mixture(seed, num_components, num_documents, num_words)
    yours = responsibilities(*(part.clone() for part in small))
    expect(WHAT, yours, small.posterior(), responsibility_mistakes(small))
    long = draw_mixture(seed, num_components, 1, num_words, longest=LONG)
    what = f"{WHAT} of a document of {LONG:,} words"
    truth = long.posterior()
    yours = as_value(what, responsibilities(*(part.clone() for part in long)), truth)
    if not torch.isfinite(yours.detach()).all() or not yours.detach().sum():
        raise Mistake(what, "p(x, z) is too small for a float: normalise before exp", yours=yours)
    nothing = "p(x, z) is too small for a float: only the small number that was added is left"
    even = {nothing: torch.full_like(truth, 1 / num_components)}
    expect(what, yours, truth, even | responsibility_mistakes(long))
    passed(f"p(z|x) of {num_documents} documents under {num_components} components, and a long one")


def responsibility_mistakes(small: SmallMixture) -> dict[str, Tensor]:
    """What each known mistake gives for p(z | x), `[B, K]`."""
    log_prior, log_words, counts = small
    joint = small.log_joint()
    fit = joint - log_prior
    length = counts.sum(-1, keepdim=True)
    present = (counts > 0).double() @ log_words.T
    return {
        "the logarithm came back: exponentiate": joint.log_softmax(-1),
        "it is not normalised: divide by p(x), the sum over components": joint.exp(),
        "it is not normalised: only the largest p(x, z) was divided by": (
            (joint - joint.max(-1, keepdim=True).values).exp()
        ),
        "it is normalised over documents, not over components": joint.softmax(0),
        "the softmax is taken twice": joint.softmax(-1).softmax(-1),
        "a small number was added to p(x, z): stay with logarithms": (
            (joint.exp() + 1e-10) / (joint.exp() + 1e-10).sum(-1, keepdim=True)
        ),
        "it is a hard choice: keep the doubt": one_hot(joint.argmax(-1), len(log_prior)).double(),
        "the prior is ignored": fit.softmax(-1),
        "the prior is added without its logarithm": (log_prior.exp() + fit).softmax(-1),
        "the prior multiplies the log likelihood: logarithms add": (log_prior * fit).softmax(-1),
        "the prior is counted once per word: a document chooses z once": (
            (fit + length * log_prior).softmax(-1)
        ),
        "the log likelihood is averaged over words, not summed": (
            (log_prior + fit / length).softmax(-1)
        ),
        "each word is counted once, however often it occurs": (log_prior + present).softmax(-1),
        "probabilities are summed where their logarithms belong": (
            (log_prior + counts @ log_words.exp().T).softmax(-1)
        ),
        "it is the prior: the words are not used": log_prior.softmax(-1).expand_as(joint),
    }
