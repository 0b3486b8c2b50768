"""The score identity: the gradient of a log-probability averages to zero."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass

__all__ = ["score_has_mean_zero"]

WORDS = 5
LogPmf = Callable[[Tensor, Tensor, Tensor], Tensor]


@careful
def score_has_mean_zero(log_pmf: LogPmf, *, seed: int) -> None:
    """Check that autograd's score is z − σ(λ), and averages to 0 over all 2⁵ masks.

    Σ_z q(z) = 1 and hence Σ_z q(z) ∇ log q(z) = ∇ Σ_z q(z) = 0.

    Source: Williams, 1992, *Simple statistical gradient-following algorithms for connectionist
    reinforcement learning*, https://doi.org/10.1007/BF00992696.

    Args:
        log_pmf: Maps z `[S, B, T]`, logits λ `[B, T]` and mask `[B, T]` to `[S, B]`.
        seed: Seed of the logits.

    Raises:
        Mistake: A score is wrong, or no gradient reaches the logits.

    Example:
        >>> from torch.distributions import Bernoulli
        >>> def log_pmf(z, logits, mask):
        ...     return (Bernoulli(logits=logits).log_prob(z) * mask).sum(-1)
        >>> score_has_mean_zero(log_pmf, seed=1)
        ✓ over all 32 masks q(z|x) sums to 1 and the score averages to 0 for every word
    """
    masks = all_masks(WORDS)  # [N, T]
    sentence = draw_sentences(seed).logits[0, :WORDS]
    q = log_mass(masks, sentence).exp()  # [N]
    # one copy of the sentence per mask: autograd then gives one score per mask
    logits = sentence.expand(len(masks), -1).clone().requires_grad_()
    value = log_pmf(masks[None].clone(), logits, torch.ones_like(masks, dtype=torch.bool))
    (score,) = gradients("log q(z|x)", value, logits)  # [N, T]
    closed_form = masks - torch.sigmoid(sentence)
    expect(
        "the score ∇ log q(z|x), from autograd",
        score,
        closed_form,
        {
            "its sign is reversed": -closed_form,
            "it is averaged over words": closed_form / WORDS,
            "it is the gradient of q(z|x), not of log q(z|x)": closed_form * q[:, None],
        },
    )
    expect("Σ q(z|x) over all masks", torch.as_tensor(value).detach().exp().sum(), 1.0)
    expect("the mean score Σ q(z|x) ∇ log q(z|x)", q.to(score) @ score, torch.zeros(WORDS).double())
    passed("over all 32 masks q(z|x) sums to 1 and the score averages to 0 for every word")
