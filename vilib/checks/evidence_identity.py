"""ELBO + KL = log p(x), whatever q is."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import agree, as_value
from vilib.checks.mistake import Mistake, passed

__all__ = ["elbo_plus_kl_is_evidence"]


@careful
def elbo_plus_kl_is_evidence(
    discrete_elbo: Callable[[Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_q: int = 20,
    num_values: int = 3,
) -> None:
    """ELBO(q) + KL(q ‖ p(z|x)) is the same number for every q, and that number is log p(x).

    Args:
        discrete_elbo: The learner's function: q `[B, K]`, log joint `[B, K]` → `[B]`, nats.
        seed: Draws the joint and the q.
        num_q: How many q, B.
        num_values: K.

    Raises:
        Mistake: The sum moves with q, or stands still at another number.

    Example:
        >>> elbo_plus_kl_is_evidence(lambda q, log_joint: (q * log_joint).sum(-1), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ELBO + KL(q‖p(z|x)) is not right: it moves with q...
    """
    what = "ELBO + KL(q‖p(z|x))"
    generator = torch.Generator().manual_seed(seed)
    log_joint = torch.randn(num_values, generator=generator, dtype=torch.double) - 1
    log_joint = log_joint.expand(num_q, num_values)
    log_q = 2 * torch.randn(num_q, num_values, generator=generator, dtype=torch.double)
    log_q = log_q.log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_joint.log_softmax(-1))).sum(-1)
    log_evidence = log_joint.logsumexp(-1)
    elbo = as_value(what, discrete_elbo(log_q.exp(), log_joint.clone()), kl)
    if elbo.shape != kl.shape:
        said = f"one ELBO per q is expected, {tuple(kl.shape)}, and {tuple(elbo.shape)} came back"
        raise Mistake(what, said)
    if agree(elbo, log_evidence - kl):  # in the precision of the learner's ELBO
        passed(f"ELBO + KL = log p(x) for {num_q} different q")
        return
    moves = float((elbo + kl).std()) > 1e-6
    diagnosis = "it moves with q" if moves else "it does not move with q, but is not log p(x)"
    raise Mistake(what, diagnosis, yours=elbo + kl, expected=log_evidence)
