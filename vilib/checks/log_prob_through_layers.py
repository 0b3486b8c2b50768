"""The density of what has gone through several layers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, Normal

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["log_prob_follows_the_layers"]

Layer = Callable[[Tensor], tuple[Tensor, Tensor]]
PushThrough = Callable[[Tensor, Distribution, list[Layer]], tuple[Tensor, Tensor]]


@careful
def log_prob_follows_the_layers(
    push_through: PushThrough, *, seed: int, num_points: int = 4, num_layers: int = 3
) -> None:
    """log q(z) = log base(x) − ∑ₖ log |det| of layer k, against the Jacobian of the whole walk.

    The layers bend, so their determinants depend on where they are asked.

    Args:
        push_through: The learner's function: x `[S, D]`, base, list of layers, each a function of
            `[S, D]` that returns (`[S, D]`, log determinant `[S]`) → (z `[S, D]`, log q(z) `[S]`).
        seed: Draws layers and points.
        num_points: S.
        num_layers: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> log_prob_follows_the_layers(lambda x, base, layers: (x, base.log_prob(x)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: z is not right: x has gone through no layer...
    """
    generator = torch.Generator().manual_seed(seed)
    base = Independent(Normal(torch.full((2,), 0.4, dtype=torch.double), 1.3), 1)
    layers = [shear(generator) for _ in range(num_layers)]
    x = torch.randn(num_points, 2, generator=generator, dtype=torch.double)
    z = walk(x, layers)[-1]
    truth = base.log_prob(x) - log_det_by_autograd(lambda x: walk(x, layers)[-1], x)
    given = list(layers)
    yours = two_results("(z, log q(z))", push_through(x.clone(), base, given))
    if len(given) != num_layers:
        why = f"{len(given)} of {num_layers} layers are left; take none out of it"
        raise Mistake("the list of layers, after your function has used it,", why)
    expect("z", yours[0], z, walk_mistakes(x, layers))
    expect("log q(z)", yours[1], truth, log_q_mistakes(x, base, layers))
    passed(f"log q(z) behind {num_layers} layers")


def shear(generator: torch.Generator) -> Layer:
    """y₁ = x₁ exp(a tanh x₂ + s) and y₂ = x₂ + c y₁; no two layers commute."""
    a, s, c = (0.4 + 0.5 * torch.rand(3, generator=generator, dtype=torch.double)).tolist()

    def layer(x: Tensor) -> tuple[Tensor, Tensor]:
        log_scale = a * x[..., 1].tanh() + s
        first = x[..., 0] * log_scale.exp()
        return torch.stack([first, x[..., 1] + c * first], -1), log_scale

    return layer


def walk(x: Tensor, layers: list[Layer]) -> list[Tensor]:
    """x and what each layer makes of it."""
    steps = [x]
    for layer in layers:
        steps.append(layer(steps[-1])[0])
    return steps


def walk_mistakes(x: Tensor, layers: list[Layer]) -> dict[str, Tensor]:
    """What each known mistake gives for z, `[S, D]`."""
    return {
        "x has gone through no layer": x,
        "the layers were taken from the last to the first": walk(x, layers[::-1])[-1],
        "each layer was given x: a layer is given what the one before it returned": (
            layers[-1](x)[0]
        ),
        "the first layer is missing": walk(x, layers[1:])[-1],
        "what a layer returns is added to x: it is the new x": summed(x, layers),
        "the last layer is missing": walk(x, layers[:-1])[-1],
    }


def summed(x: Tensor, layers: list[Layer]) -> Tensor:
    """x + layer(x), again and again, `[S, D]`."""
    for layer in layers:
        x = x + layer(x)[0]
    return x


def log_q_mistakes(x: Tensor, base: Distribution, layers: list[Layer]) -> dict[str, Tensor]:
    """What each known mistake gives for log q(z), `[S]`."""
    steps, log_base = walk(x, layers), base.log_prob(x)
    dets = torch.stack([layer(before)[1] for layer, before in zip(layers, steps)])
    total = dets.sum(0)
    return {
        "the log determinants have the wrong sign: where layers stretch, the density falls": (
            log_base + total
        ),
        "the log determinants are missing": log_base,
        "the base is asked at z: it knows where x lies": base.log_prob(steps[-1]) - total,
        "the base is asked at z, and the log determinants have the wrong sign": (
            base.log_prob(steps[-1]) + total
        ),
        "only the last layer's log determinant is there": log_base - dets[-1],
        "only the first layer's log determinant is there": log_base - dets[0],
        "the log determinants are averaged over layers: they add up": log_base - dets.mean(0),
        "the log determinants are multiplied: their logarithms are given, and add up": (
            log_base - dets.prod(0)
        ),
        "each log determinant is asked at x, not at what the layer is given": (
            log_base - sum(layer(x)[1] for layer in layers)
        ),
        "each log determinant is asked behind the layer, not before it": (
            log_base - sum(layer(after)[1] for layer, after in zip(layers, steps[1:]))
        ),
        "log base is missing": -total,
        "log base is missing: these are the log determinants": total,
        "the base is asked before every layer: once, at x": (
            sum(base.log_prob(before) for before in steps[:-1]) - total
        ),
        "the determinants are taken off: their logarithms are": log_base - dets.exp().sum(0),
        "the logarithm is taken again: the layers return log determinants": (
            log_base - dets.abs().log().sum(0)
        ),
        "the log determinants are summed over samples: each sample has its own": (
            log_base - total.sum()
        ),
        "this is the density: its logarithm is asked for": (log_base - total).exp(),
        "it is summed over samples": (log_base - total).sum(),
        "it is averaged over samples": (log_base - total).mean(),
    }
