"""∇ log p(x) = E_post[∇ log p(x, z)], for a mixture of categoricals."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Categorical
from torch.nn.functional import one_hot

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.mixtures import SmallMixture, draw_mixture

__all__ = ["marginal_gradient_is_exact", "slope_of_the_evidence"]


@careful
def marginal_gradient_is_exact(
    marginal_gradient: Callable[[Tensor, Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_components: int = 3,
    num_documents: int = 5,
    num_words: int = 4,
) -> None:
    """The gradient of ∑ log p(x) in the logits of the word lists, against autograd's.

    Args:
        marginal_gradient: The learner's function: log prior `[K]`, word logits `[K, V]`, counts
            `[B, V]` → `[K, V]`.
        seed: Draws parameters and documents.
        num_components: K.
        num_documents: B.
        num_words: V.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> marginal_gradient_is_exact(lambda log_prior, logits, counts: 0 * logits, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ∇ log p(x) is not right: the value is off...
    """
    small = draw_mixture(seed, num_components, num_documents, num_words, longest=7)
    generator = torch.Generator().manual_seed(seed + 1)
    # logits that are no log probabilities: rows may be shifted by any constant
    shift = 1 + torch.rand(num_components, 1, generator=generator, dtype=torch.double)
    logits = small.log_words + shift
    yours = marginal_gradient(small.log_prior.clone(), logits.clone(), small.counts.clone())
    truth = slope_of_the_evidence(small.log_prior, logits, small.counts)
    expect("∇ log p(x)", yours, truth, gradient_mistakes(small, logits))
    passed(f"∇ log p(x) of {num_documents} documents in {logits.numel()} logits: autograd's, too")


def slope_of_the_evidence(log_prior: Tensor, logits: Tensor, counts: Tensor) -> Tensor:
    """Autograd through the sum over components, `[K, V]`."""
    leaf = logits.clone().requires_grad_()
    table = log_prior[:, None] + leaf.log_softmax(-1) @ counts.T  # [K, B]
    components = exact.enumerate_support(Categorical(logits=log_prior))
    evidence = exact.log_evidence(lambda z: table[z], components)
    return torch.autograd.grad(evidence.sum(), leaf)[0]


def observed_minus_expected(q: Tensor, n: Tensor, theta: Tensor) -> Tensor:
    """∑_b q_bk (n_bv - N_b θ_kv), `[K, V]`."""
    return q.T @ n - (q.T @ n.sum(-1))[:, None] * theta


def count_mistakes(small: SmallMixture, logits: Tensor) -> dict[str, Tensor]:
    """What each known mistake in the expected counts gives, `[K, V]`."""
    log_prior, log_words, n = small
    theta, length = log_words.exp(), n.sum(-1)
    q = small.log_joint().softmax(-1)
    raw = (log_prior + n @ logits.T).softmax(-1)
    over_components = logits.log_softmax(0)
    r = (log_prior + n @ over_components.T).softmax(-1)
    unnormalised = "the logits are no log probabilities: log_softmax over words first"
    return {
        "the expected counts are missing: a softmax has a normaliser": q.T @ n,
        "it is the gradient in log θ, not in the logits": q.T @ n,
        "the length of the documents is forgotten: N θ is expected, not θ": (
            q.T @ n - q.sum(0)[:, None] * theta
        ),
        f"{unnormalised}, for the responsibilities": observed_minus_expected(raw, n, theta),
        f"{unnormalised}, for θ": observed_minus_expected(q, n, logits.exp()),
        f"{unnormalised}, for both": observed_minus_expected(raw, n, logits.exp()),
        f"{unnormalised}; this is autograd without it": raw.T @ n,
        "θ is normalised over components: each component has a word list": (
            observed_minus_expected(r, n, over_components.exp())
        ),
        "each document has a length of its own: the mean length will not do": (
            q.T @ n - length.mean() * q.sum(0)[:, None] * theta
        ),
        "each document has a length of its own: this has the sum of all of them": (
            q.T @ n - length.sum() * q.sum(0)[:, None] * theta
        ),
        "the expected counts lack the responsibilities": q.T @ n - length.sum() * theta,
        "the expected counts lack responsibilities and lengths": q.T @ n - theta,
        "log θ stands where θ belongs": observed_minus_expected(q, n, log_words),
    }


def gradient_mistakes(small: SmallMixture, logits: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the gradient, `[K, V]`."""
    log_prior, log_words, n = small
    joint, theta = small.log_joint(), log_words.exp()
    q = joint.softmax(-1)
    prior = log_prior.exp().expand_as(q)

    def gradient(q: Tensor) -> Tensor:
        return observed_minus_expected(q, n, theta)

    return count_mistakes(small, logits) | {
        "∇ log p(x, z) is weighted by the prior, not by the posterior": gradient(prior),
        "∇ log p(x, z) is summed over components without weights": gradient(torch.ones_like(q)),
        "∇ log p(x, z) is averaged over components: the weights are the posterior": (
            gradient(torch.full_like(q, 1 / q.shape[1]))
        ),
        "only the likeliest component of each document counts": (
            gradient(one_hot(q.argmax(-1), q.shape[1]).double())
        ),
        "the prior is ignored in the posterior": gradient((joint - log_prior).softmax(-1)),
        "it is the gradient in θ, not in the logits": (q.T @ n) / theta,
        "it has the wrong sign": -gradient(q),
        "it is averaged over documents: the sum is asked for": gradient(q) / len(n),
        "the posterior is normalised over documents": gradient(joint.softmax(0)),
        "the weights are p(x, z), not p(z|x)": gradient(joint.exp()),
        "the axes are swapped: components are rows, words are columns": gradient(q).T,
    }
