"""The ELBO of a discrete q."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.squeezed import squeezed

__all__ = ["discrete_elbo_is_exact"]


@careful
def discrete_elbo_is_exact(
    discrete_elbo: Callable[[Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_documents: int = 4,
    num_values: int = 3,
) -> None:
    """∑ₖ q(k) (log p(x, k) − log q(k)), for a q with and without zeros, against `vilib.exact.elbo`.

    Args:
        discrete_elbo: The learner's function: q `[B, K]`, log joint `[B, K]` → `[B]`, nats.
        seed: Draws q and the joint.
        num_documents: B.
        num_values: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> discrete_elbo_is_exact(lambda q, log_joint: (q * log_joint).sum(-1), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the ELBO is not right: −log q(z) is missing...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (num_documents, num_values)
    q = torch.randn(shape, generator=generator, dtype=torch.double).softmax(-1)
    log_joint = -0.5 - 4 * torch.rand(shape, generator=generator, dtype=torch.double)
    truth = exact.elbo(Categorical(q), lambda z: log_joint.gather(1, z.T).T)
    mistakes = elbo_mistakes(q, log_joint)
    expect("the ELBO", discrete_elbo(q.clone(), log_joint.clone()), truth, mistakes)
    alone = squeezed(truth[:1]) | elbo_mistakes(q[:1], log_joint[:1])
    value = discrete_elbo(q[:1].clone(), log_joint[:1].clone())
    expect("the ELBO of a single document", value, truth[:1], alone)
    judge_point_mass(discrete_elbo, log_joint)
    passed(f"the ELBO of {num_documents} documents, {num_values} values of z, with zeros in q too")


def judge_point_mass(discrete_elbo: Callable[[Tensor, Tensor], Tensor], log_joint: Tensor) -> None:
    """With all of q on one value the ELBO is the log joint there, because 0 · log 0 = 0."""
    what, (log_p_best, best) = "the ELBO of a q with zeros", log_joint.max(-1)
    point = torch.nn.functional.one_hot(best, log_joint.shape[1]).double()
    value = as_value(what, discrete_elbo(point, log_joint.clone()), log_p_best)
    if bool(value.isnan().any()):
        sentence = "it is NaN, because 0 · log 0 is NaN; the limit is 0 (torch.special.entr)"
        raise Mistake(what, sentence, yours=value, expected=log_p_best)
    expect(what, value, log_p_best)
    some = torch.ones_like(log_joint)
    some[:, 0] = 0
    some = some / some.sum(-1, keepdim=True)
    truth = (some * log_joint).sum(-1) - torch.special.xlogy(some, some).sum(-1)
    expect(what, discrete_elbo(some.clone(), log_joint.clone()), truth)


def elbo_mistakes(q: Tensor, log_joint: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the ELBO, `[B]`."""
    log_q, ratio = q.log(), log_joint - q.log()
    elbo = (q * ratio).sum(-1)
    shifted = {
        f"a constant, {shift:g}, is added inside the logarithm (torch.special.entr needs none)": (
            (q * (log_joint - (q + shift).log())).sum(-1)
        )
        for shift in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    }
    return shifted | {
        "−log q(z) is missing, so the entropy of q does not count": (q * log_joint).sum(-1),
        "the entropy has the wrong sign: subtract log q(z)": (q * (log_joint + log_q)).sum(-1),
        "log p(x, z) is missing: only the entropy of q is left": -(q * log_q).sum(-1),
        "the sign is flipped: this is the negative ELBO": -elbo,
        "it is averaged over z: the weights q(z) already make the sum a mean": (q * ratio).mean(-1),
        "the weights q(z) are missing: it is a plain sum over z": ratio.sum(-1),
        "the weights q(z) are missing: it is a plain mean over z": ratio.mean(-1),
        "it is the log of an expectation, not the expectation of a log: any q gives log p(x)": (
            log_joint.logsumexp(-1)
        ),
        "it is the log of an expectation: log ∑ q(z) p(x, z)": (q.log() + log_joint).logsumexp(-1),
        "it is −KL(q‖p(z|x)): the joint was normalised, so log p(x) is lost": (
            elbo - log_joint.logsumexp(-1)
        ),
        "p(x, z) is used where its logarithm belongs": (q * (log_joint.exp() - log_q)).sum(-1),
        "q weighs with its logarithm": (log_q * ratio).sum(-1),
        "it is summed over documents: one ELBO per document is asked for": elbo.sum(),
        "it is averaged over documents: one ELBO per document is asked for": elbo.mean(),
        "it is not summed over z": q * ratio,
        "it is summed over documents, not over z": (q * ratio).sum(0),
        "it should be [B]: drop the last axis (no keepdim)": elbo[:, None],
        "a softmax is applied to q, which already holds probabilities": (
            q.softmax(-1) * (log_joint - q.log_softmax(-1))
        ).sum(-1),
        "q is taken for a logarithm: it holds probabilities": (q.exp() * (log_joint - q)).sum(-1),
    }
