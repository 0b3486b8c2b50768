"""The exact gradient of an expected reward, by summing over all selections."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Independent

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass, random_reward

__all__ = ["gradient_is_enumerated"]

ExactGradient = Callable[[Tensor, Tensor, Tensor], Tensor]


@careful
def gradient_is_enumerated(exact_gradient: ExactGradient, *, seed: int) -> None:
    """Check ∇_λ Σ_z q(z) r(z) on reviews of 1 to 5 words, the masks given in a shuffled order.

    Source: Mohamed, Rosca, Figurnov and Mnih, 2020, *Monte Carlo gradient estimation in machine
    learning*, https://arxiv.org/abs/1906.10652.

    Args:
        exact_gradient: Maps logits λ `[T]`, all masks `[N, T]` and their rewards `[N]` to the
            gradient `[T]`.
        seed: Seed of logits, rewards and order.

    Raises:
        Mistake: A gradient is wrong.

    Example:
        >>> def by_autograd(logits, masks, rewards):
        ...     logits = logits.clone().requires_grad_()
        ...     q = Independent(Bernoulli(logits=logits), 1).log_prob(masks).exp()
        ...     return torch.autograd.grad((q * rewards).sum(), logits)[0]
        >>> gradient_is_enumerated(by_autograd, seed=1)
        ✓ the exact gradient is right for reviews of 5, 3, 2 and 1 words
    """
    generator = torch.Generator().manual_seed(seed)
    for words in (5, 3, 2, 1):
        logits = draw_sentences(seed).logits[0, :words].clone()
        masks = all_masks(words)[torch.randperm(2**words, generator=generator)]
        rewards = random_reward(masks, seed)
        truth = true_gradient(logits, seed)
        value = exact_gradient(logits.clone(), masks.clone(), rewards.clone())
        expect(
            f"the gradient for {words} words",
            value,
            truth,
            known_mistakes(logits, masks, rewards, truth),
        )
    passed("the exact gradient is right for reviews of 5, 3, 2 and 1 words")


def true_gradient(logits: Tensor, seed: int) -> Tensor:
    """∇ E_q[r] by `vilib.exact`, `[T]`."""
    logits = logits.clone().requires_grad_()
    q = Independent(Bernoulli(logits=logits[None]), 1)  # B = 1
    return exact.gradient(q, lambda z: random_reward(z, seed), [logits])[0]


def known_mistakes(logits: Tensor, masks: Tensor, rewards: Tensor, truth: Tensor) -> Mistakes:
    """What each known mistake gives."""
    p, q = torch.sigmoid(logits), log_mass(masks, logits).exp()  # [T], [N]
    score = masks - p  # [N, T]
    return {
        "it has the wrong sign": -truth,
        "every mask counts alike; weight each by its probability q(z)": rewards @ score,
        "every mask counts alike (you took their mean); weight each by its probability q(z)": (
            (rewards @ score) / len(masks)
        ),
        "it is the gradient in the probabilities; in the logits there is a factor p(1 − p) more": (
            truth / (p * (1 - p))
        ),
        "the reward is missing": q @ score,
        "the score is missing; this is the expected reward": q @ rewards,
        "the score is z; it is z − σ(logit)": (q * rewards) @ masks,
        "the score is z − logit; the logit is used as a probability": (
            (q * rewards) @ (masks - logits)
        ),
        "the weighted masks are averaged; the weights already sum to 1": truth / len(masks),
        "q(z) has only the marked words; an unmarked one has the probability 1 − p": (
            ((p**masks).prod(-1) * rewards) @ score
        ),
        "the words' probabilities are added; those of independent words multiply": (
            (torch.where(masks > 0.5, p, 1 - p).sum(-1) * rewards) @ score
        ),
        "a softmax is applied to q(z), which already sums to 1": (
            (q.softmax(-1) * rewards) @ score
        ),
        "the weights are log q(z); they are q(z)": (log_mass(masks, logits) * rewards) @ score,
    }
