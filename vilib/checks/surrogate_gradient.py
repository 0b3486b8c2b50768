"""A surrogate of the ELBO: its value is the estimate, and so is its gradient."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.sentences import all_masks, draw_sentences, log_mass, random_reward
from vilib.checks.squeezed import squeezed

__all__ = ["surrogate_gives_the_gradient"]

Surrogate = Callable[[Tensor, Tensor, Tensor], Tensor]
SAMPLES, BATCH, WORDS = 4, 3, 4


@careful
def surrogate_gives_the_gradient(score_function_surrogate: Surrogate, *, seed: int) -> None:
    """Check a surrogate of the ELBO at given samples, then its mean gradient over all masks.

    With r = log p(y|x⊙z), ℓ = log q(z|x) and S samples, the gradient must be 1/S in r, r/S in ℓ
    and −1 in the KL; the chain rule carries it from there to any parameter.

    Source: Schulman, Heess, Weber and Abbeel, 2015, *Gradient estimation using stochastic
    computation graphs*, https://arxiv.org/abs/1506.05254.

    Args:
        score_function_surrogate: Maps log-likelihood `[S, B]`, log q `[S, B]` and KL `[B]` to
            `[B]`.
        seed: Seed of the numbers.

    Raises:
        Mistake: The value or one of the three gradients is wrong.

    Example:
        >>> def surrogate(log_likelihood, log_q, kl):
        ...     score_term = log_likelihood.detach() * (log_q - log_q.detach())
        ...     return (log_likelihood + score_term).mean(0) - kl
        >>> surrogate_gives_the_gradient(surrogate, seed=1)
        ✓ value: the ELBO at the samples; gradient: 1/S, r/S and −1 in log-likelihood, log q and KL
        ✓ over all 16 masks its mean gradient is the exact one, the reward's own included
    """
    generator = torch.Generator().manual_seed(seed)
    reward, log_q = (
        -torch.empty(SAMPLES, BATCH, dtype=torch.double).uniform_(low, high, generator=generator)
        for low, high in ((0.3, 2.5), (2.6, 6.0))
    )
    kl = torch.empty(BATCH, dtype=torch.double).uniform_(0.5, 2.0, generator=generator)
    leaves = tuple(t.requires_grad_() for t in (reward, log_q, kl))
    value = score_function_surrogate(*leaves)
    judge_gradients(value, *leaves)
    judge_value(value, *(leaf.detach() for leaf in leaves))
    passed(
        "value: the ELBO at the samples; gradient: 1/S, r/S and −1 in log-likelihood, log q and KL"
    )
    alone = [leaf.detach()[..., :1].requires_grad_() for leaf in leaves]  # one sentence
    of_one = (alone[0].mean(0) - alone[2]).detach()
    lost = squeezed(of_one)
    expect("the surrogate of a single review", score_function_surrogate(*alone), of_one, lost)
    judge_mean(score_function_surrogate, seed)
    passed("over all 16 masks its mean gradient is the exact one, the reward's own included")


def judge_gradients(value: object, reward: Tensor, log_q: Tensor, kl: Tensor) -> None:
    """Compare the gradient in each of the three inputs with the estimate's."""
    what = "the surrogate's gradient in"
    in_reward, in_log_q, in_kl = gradients("the surrogate", value, reward, log_q, kl)
    r, ell = reward.detach(), log_q.detach()
    share = torch.full_like(r, 1 / SAMPLES)
    expect(f"{what} log q", in_log_q, r * share, score_mistakes(r, kl.detach(), share))
    expect(f"{what} the log-likelihood", in_reward, share, reward_mistakes(ell, share))
    once = torch.ones_like(kl)
    kl_mistakes = {
        "the KL has the wrong sign": once,
        "the KL is missing": 0 * once,
        "the KL is counted once per sample": -SAMPLES * once,
    }
    expect(f"{what} the KL", in_kl, -once, kl_mistakes)


def score_mistakes(r: Tensor, kl: Tensor, share: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the gradient in log q, `[S, B]`."""
    return {
        "the samples are summed; the estimate is their mean": r,
        "the score term has the wrong sign": -r * share,
        "the score term is missing: log q is detached": torch.zeros_like(r),
        "the KL is inside the reward; it does not depend on z, there it is only noise": (
            (r - kl) * share
        ),
        "the KL is inside the reward, and with the wrong sign": (r + kl) * share,
        "the reward is missing from the score term": share,
        "log q is subtracted from the reward as well: its price is in the KL": (r - 1) * share,
        "a baseline, the mean reward, is subtracted; here the plain estimate is asked for": (
            (r - r.mean(0)) * share
        ),
        "the means of reward and log q are multiplied; take the mean of their product": (
            r.mean(0) * share
        ),
        "the batch is averaged; one number per review is expected": r * share / BATCH,
    }


def reward_mistakes(ell: Tensor, share: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the gradient in the log-likelihood, `[S, B]`."""
    return {
        "the reward is not detached in the score term: log q leaks into it": ell * share,
        "the reward is not detached in the score term, log q leaks into it": (1 + ell) * share,
        "the reward is detached everywhere: the second reader would never learn": 0 * share,
        "its direct gradient has the wrong sign": -share,
    }


def judge_value(value: Tensor, r: Tensor, log_q: Tensor, kl: Tensor) -> None:
    """Compare the surrogate's value with the ELBO at the samples, `[B]`."""
    expect(
        "the surrogate's value",
        value,
        r.mean(0) - kl,
        {
            "log q(z) is still in it; take it out with log q − log q.detach()": (r * log_q).mean(0)
            - kl,
            "log q(z) is still in it, beside the reward; take it out with log q − log q.detach()": (
                (r + r * log_q).mean(0) - kl
            ),
            "the reward is counted twice": 2 * r.mean(0) - kl,
            "the reward is missing": -kl,
            "the samples are summed; the value is their mean": r.sum(0) - kl,
        },
    )


def judge_mean(score_function_surrogate: Surrogate, seed: int) -> None:
    """Weigh every mask by q(z): the gradient must be that of Σ q(z) r(z) − KL, r(z) included."""
    masks = all_masks(WORDS)
    logits = draw_sentences(seed).logits[0, :WORDS].clone().requires_grad_()
    ell = log_mass(masks, logits)  # [N]
    reward = (
        random_reward(masks, seed) * torch.tanh(logits).sum()
    )  # depends on the parameters itself
    kl = ell.exp() @ (ell + WORDS * torch.tensor(2.0).double().log())
    weights = ell.exp().detach()
    # the masks lie in the batch, one sample each, so that each can have its weight
    value = score_function_surrogate(reward[None], ell[None], kl.expand(len(masks)))
    (yours,) = gradients("the surrogate", value * weights.to(value.dtype), logits)
    (truth,) = torch.autograd.grad(ell.exp() @ reward - kl, logits)
    expect("the surrogate's mean gradient over all masks", yours, truth)
