"""The loss of a network that predicts the reward."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["network_baseline_learns_alone"]

WHAT = "the network's loss"


@careful
def network_baseline_learns_alone(
    network_baseline_loss: Callable[[Tensor, Tensor], Tensor], *, seed: int
) -> None:
    """Check the mean of (b(x) − r)² over samples and reviews: a gradient in b(x), none in r.

    Source: Mnih and Gregor, 2014, *Neural variational inference and learning in belief networks*,
    https://arxiv.org/abs/1402.0030.

    Args:
        network_baseline_loss: Maps predictions b(x) `[B]` and rewards r `[S, B]` to one number
            `[]`.
        seed: Seed of the numbers.

    Raises:
        Mistake: The value is wrong, or a gradient flows where none should, or none where one
        should.

    Example:
        >>> network_baseline_learns_alone(lambda b, r: ((b - r.detach()) ** 2).mean(), seed=1)
        ✓ the loss is the mean squared error; b(x) learns from it, the readers do not
        ✓ a step down its gradient brings b(x) nearer to the mean reward
    """
    generator = torch.Generator().manual_seed(seed)
    for samples, batch in ((4, 3), (3, 5), (2, 1)):
        judge(network_baseline_loss, *draw(samples, batch, generator))
    passed("the loss is the mean squared error; b(x) learns from it, the readers do not")
    passed("a step down its gradient brings b(x) nearer to the mean reward")


def draw(samples: int, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Predictions `[B]` and rewards `[S, B]`, both leaves that learn."""
    prediction = torch.randn(batch, dtype=torch.double, generator=generator).requires_grad_()
    error = torch.randn(samples, batch, dtype=torch.double, generator=generator) + 1
    # some predictions too high and some too low, so that |error| and error differ
    error[0], error[1] = error[0].abs() + 1, -error[1].abs() - 0.5
    return prediction, (prediction.detach() + error).requires_grad_()


def judge(
    network_baseline_loss: Callable[[Tensor, Tensor], Tensor], prediction: Tensor, reward: Tensor
) -> None:
    """The value at one size, and where its gradient goes."""
    value = network_baseline_loss(prediction, reward)
    p, r = prediction.detach(), reward.detach()
    expect(WHAT, value, (p - r).square().mean(), known_mistakes(p, r))
    in_prediction, in_reward = gradients(WHAT, value, prediction, reward)
    expect(
        "the gradient in b(x)",
        in_prediction,
        2 * (p - r.mean(0)) / len(p),
        {"the prediction is detached; the network cannot learn": torch.zeros_like(p)},
    )
    if in_reward.abs().max() > 0:
        raise Mistake(WHAT, "the reward is not detached: the readers would learn to be predictable")
    nearer = (p - 0.1 * in_prediction - r.mean(0)).abs() < (p - r.mean(0)).abs()
    if not bool(nearer.all()):
        raise Mistake(WHAT, "a step down its gradient leads away from the reward")


def known_mistakes(p: Tensor, r: Tensor) -> Mistakes:
    """What each known mistake gives."""
    error = p - r
    return {
        "it is summed; take the mean over samples and reviews": error.square().sum(),
        "it is summed over samples; take the mean": error.square().sum(0).mean(),
        "it is the absolute error (L1); the squared error is wanted": error.abs().mean(),
        "the rewards are averaged over samples before squaring": error.mean(0).square().mean(),
        "the errors are averaged before squaring, so that they cancel": error.mean().square(),
        "it is the mean error, not squared": error.mean(),
        "it has the wrong sign: a step down would lead away": -error.square().mean(),
        "it is the root of the mean squared error": error.square().mean().sqrt(),
        "the factor ½ is in it: it is the mean squared error itself": error.square().mean() / 2,
        "it is summed over reviews; take the mean": error.square().mean(0).sum(),
        "the sum is divided by 12, whatever the sizes are": error.square().sum() / 12,
        "the sum is divided by 4, whatever the sizes are": error.square().sum(0).mean() / 4,
        "every prediction meets the rewards of every review: [B, 1] and [B] broadcast": (
            (p[:, None] - r.mean(0)).square().mean()
        ),
        "it is a Huber (smooth L1) loss; the squared error is wanted": (
            torch.nn.functional.smooth_l1_loss(p.expand_as(r), r)
        ),
        "one number is asked for, of shape []": error.square().mean((0, 1), keepdim=True),
        "there is one loss per review; one number is expected": error.square().mean(0),
        "it is not averaged; one number is expected": error.square(),
    }
