"""What an encoder loses on each document."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["amortised_gap_is_exact"]

WHAT = "the gap of each document"


@careful
def amortised_gap_is_exact(
    amortised_gap: Callable[[Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_documents: int = 5,
    num_components: int = 3,
) -> None:
    """log p(x) − ELBO(q) per document by enumeration; the gaps sum to the difference of the sums.

    Args:
        amortised_gap: The learner's function: encoder logits and log p(x, z), `[B, K]` each →
            `[B]`, nats.
        seed: Draws both tables.
        num_documents: B.
        num_components: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> amortised_gap_is_exact(lambda logits, log_joint: log_joint.logsumexp(-1), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the gap of each document is not right: it is log p(x)...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (2, num_documents, num_components)
    logits, table = 1.5 * torch.randn(shape, generator=generator, dtype=torch.double)
    table = table - 6
    evidence, elbo = enumerated(logits, table)
    yours = as_value(WHAT, amortised_gap(logits.clone(), table.clone()), elbo)
    expect(WHAT, yours, evidence - elbo, gap_mistakes(logits, table))
    expect("the sum of the gaps", yours.sum(), evidence.sum() - elbo.sum())
    same = amortised_gap(table + 3, table.clone())
    expect("the gap where q is the posterior", same, torch.zeros(num_documents).double())
    # a trained encoder is sure: e^−2000 is 0, and 0 log 0 must not become NaN
    sure = torch.tensor([[2000.0, 0.0, -1.0]], dtype=torch.double)
    doubtful = torch.tensor([[-7.0, -6.0, -8.0]], dtype=torch.double)
    truth = -doubtful.log_softmax(-1)[:, 0]
    expect("the gap of a very sure q", amortised_gap(sure.clone(), doubtful.clone()), truth)
    wrong = torch.tensor([[-300.0, -6.0, -8.0]], dtype=torch.double)
    truth, what = -wrong.log_softmax(-1)[:, 0], "the gap of a q that is sure and wrong"
    yours = as_value(what, amortised_gap(sure.clone(), wrong.clone()), truth)
    if yours.shape == truth.shape and float(yours.detach()) < 0.9 * float(truth):
        why = "a large gap is cut off: log_softmax needs no small number inside a logarithm"
        raise Mistake(what, why, yours=yours, expected=truth)
    expect(what, yours, truth)
    passed(f"the gaps of {num_documents} documents; they sum to ∑ log p(x) − ∑ ELBO")


def enumerated(logits: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """log p(x) and the ELBO, `[B]` each, by enumeration."""
    row, q = torch.arange(len(table)), Categorical(logits=logits)
    evidence = exact.log_evidence(lambda z: table.T[z], exact.enumerate_support(q))
    return evidence, exact.elbo(q, lambda z: table[row, z])


def gap_mistakes(logits: Tensor, table: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the gap, `[B]`."""
    log_q, log_p = logits.log_softmax(-1), table.log_softmax(-1)
    evidence, elbo = enumerated(logits, table)
    q = log_q.exp()
    entropy = torch.special.entr(q).sum(-1)
    uniform = torch.full_like(q, 1 / q.shape[-1])
    return {
        "the direction is reversed: this is KL(p(z|x) ‖ q)": (log_p.exp() * (log_p - log_q)).sum(
            -1
        ),
        "it is the ELBO, not the gap": elbo,
        "it is log p(x), not the gap": evidence,
        "it has the wrong sign: log p(x) − ELBO": elbo - evidence,
        "the entropy of q is missing from the ELBO": evidence - (q * table).sum(-1),
        "the entropy of q has the wrong sign": evidence - (q * table).sum(-1) + entropy,
        "p(z|x) is not normalised: log p(x) is missing": (q * (log_q - table)).sum(-1),
        "the logits are not normalised: softmax them": (
            (logits.softmax(-1) * (logits - log_p)).sum(-1)
        ),
        "q is not normalised: softmax the logits": (logits.exp() * (log_q - log_p)).sum(-1),
        "log p(x) has the wrong sign": (q * (log_q - table)).sum(-1) - evidence,
        "the terms must keep their signs: some are negative": (q * (log_q - log_p)).abs().sum(-1),
        "it is in bits: nats are asked for": (evidence - elbo) / torch.tensor(2.0).log().double(),
        "it is a squared distance, not a KL": ((q - log_p.exp()) ** 2).sum(-1),
        "it is the KL to a uniform prior, not to the posterior": (q * (log_q - uniform.log())).sum(
            -1
        ),
        "it is averaged over documents: one gap per document is expected": (evidence - elbo).mean(),
        "it is summed over documents: one gap per document is expected": (evidence - elbo).sum(),
        "it is averaged over components; a KL sums over them": (q * (log_q - log_p)).mean(-1),
        "the terms are not weighted by q": (log_q - log_p).sum(-1),
        "it is normalised over documents": (
            (logits.softmax(0) * (logits.log_softmax(0) - table.log_softmax(0))).sum(-1)
        ),
    }
