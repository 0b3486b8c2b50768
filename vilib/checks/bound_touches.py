"""The bound of an E-step, as a function of new parameters: it touches log p(x) where it began."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import expect
from vilib.checks.mistake import passed

__all__ = ["bound_touches_the_evidence"]

Bound = Callable[[Tensor, Tensor], Tensor]


@careful
def bound_touches_the_evidence(
    touching_bound: Bound, *, seed: int, num_documents: int = 5, num_components: int = 3
) -> None:
    """ELBO(q, θ) with q = p(z|x, θ_old): the exact sum; log p(x) and its slope at θ = θ_old.

    Args:
        touching_bound: The learner's function: log p(x, z | θ) and log p(x, z | θ_old), `[B, K]`
            each → `[B]`, nats.
        seed: Draws the tables.
        num_documents: B.
        num_components: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> bound_touches_the_evidence(lambda new, old: new.logsumexp(-1), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the bound at other parameters is not right: it is log p(x)...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (2, num_documents, num_components)
    new, old = 1.5 * torch.randn(shape, generator=generator, dtype=torch.double) - 4
    evidence = enumerated(old)
    away = "the bound at other parameters"
    expect(away, touching_bound(new.clone(), old.clone()), by_sum(new, old), mistakes(new, old))
    here = "the bound where it was made, log p(x),"
    expect(here, touching_bound(old.clone(), old.clone()), evidence, mistakes(old, old))
    judge_slopes(touching_bound, new, old)
    low = old - 3000
    long = "the bound of a long document, where log p(x, z) is near −3000,"
    expect(long, touching_bound(low.clone(), low.clone()), evidence - 3000)
    impossible = torch.tensor([-torch.inf, 0.5, -1.0], dtype=torch.double)[None]
    what = "the bound where a component is impossible (0 log 0 = 0)"
    expect(what, touching_bound(impossible.clone(), impossible.clone()), enumerated(impossible))
    passed(
        f"the bound of {num_documents} documents touches log p(x), with its slope, and stays below"
    )


def enumerated(table: Tensor) -> Tensor:
    """log p(x), `[B]`, by enumeration."""
    components = exact.enumerate_support(Categorical(torch.ones(table.shape[-1])))
    return exact.log_evidence(lambda z: table.T[z], components)


def by_sum(new: Tensor, old: Tensor) -> Tensor:
    """The ELBO under the old posterior, `[B]`, by enumeration."""
    row = torch.arange(len(new))
    return exact.elbo(Categorical(logits=old), lambda z: new[row, z])


def judge_slopes(touching_bound: Bound, new: Tensor, old: Tensor) -> None:
    """The gradient in log p(x, z | θ) is q: the old posterior, here and elsewhere."""
    q = old.softmax(-1)
    for what, table in (("where it was made", old), ("at other parameters", new)):
        leaf = table.clone().requires_grad_()
        (slope,) = gradients(f"the bound {what}", touching_bound(leaf, old.clone()), leaf)
        expect(f"the slope of the bound {what}", slope, q.to(slope.dtype))


def mistakes(new: Tensor, old: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the bound, `[B]`."""
    q, q_new, truth = old.softmax(-1), new.softmax(-1), by_sum(new, old)
    energy, entropy = (q * new).sum(-1), torch.special.entr(q).sum(-1)
    return {
        "it is log p(x) at the new parameters: q, or log q, is made of those": new.logsumexp(-1),
        "the parameters are swapped: q is the posterior under the old ones": by_sum(old, new),
        "it is log p(x) at the old parameters: the energy must be taken at the new ones": (
            old.logsumexp(-1)
        ),
        "the entropy of q is missing": energy,
        "the entropy of q has the wrong sign": energy - entropy,
        "the entropy is that of the new posterior": energy + torch.special.entr(q_new).sum(-1),
        "log q is not normalised: it is log p(x, z) under the old parameters": (
            energy - (q * old).sum(-1)
        ),
        "q chooses: keep the doubt of all components": new.gather(-1, old.argmax(-1, keepdim=True))[
            :, 0
        ],
        "q is normalised over documents, not over components": (
            (old.softmax(0) * new + torch.special.entr(old.softmax(0))).sum(-1)
        ),
        "the energy is made of log p(z|x): log p(x, z) belongs there": (truth - new.logsumexp(-1)),
        "the KL is added: log p(x) minus the KL": 2 * new.logsumexp(-1) - truth,
        "log p(x) is that of the old parameters, the KL that of the new ones": (
            old.logsumexp(-1) + truth - new.logsumexp(-1)
        ),
        "q is uniform": (new - q.new_tensor(1 / q.shape[-1]).log()).mean(-1),
        "it is summed over documents: one bound per document is expected": truth.sum(),
        "it is averaged over documents: one bound per document is expected": truth.mean(),
        "it is averaged over components: the weights of the sum are q": truth / q.shape[-1],
        "it is the negative of the bound": -truth,
        "it is the KL, not the bound": new.logsumexp(-1) - truth,
    }
