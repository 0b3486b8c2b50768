"""The inverse of an autoregressive layer, one coordinate after the other."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["autoregressive_layer_is_inverted"]

Network = Callable[[Tensor], tuple[Tensor, Tensor]]
Invert = Callable[[Tensor, Network], tuple[Tensor, Tensor]]


@careful
def autoregressive_layer_is_inverted(
    invert: Invert, *, seed: int, num_points: int = 3, num_dimensions: int = 4
) -> None:
    """x from y = x eˢ⁽ˣ⁾ + t(x), where tᵢ and sᵢ see x₁, …, xᵢ₋₁; and log |det ∂x/∂y|.

    The x are drawn and pushed forward, so the truth is known without an inverse; the determinant
    is minus that of autograd's Jacobian of the way there.

    Args:
        invert: The learner's function: y `[B, D]`, network x `[B, D]` ↦ (t, s), `[B, D]` each → (x
            `[B, D]`, log determinant `[B]`).
        seed: Draws network and points.
        num_points: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> autoregressive_layer_is_inverted(lambda y, network: (y, y.sum(-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: x, from y, is not right: nothing has moved...
    """
    network, x = draw(seed, num_points, num_dimensions)
    y = moved(x, network)
    back = -log_det_by_autograd(lambda x: moved(x, network), x)
    yours = two_results("(x, log_det)", invert(y.clone(), network))
    expect("x, from y,", yours[0], x, back_mistakes(y, network))
    expect("log |det ∂x/∂y|", yours[1], back, det_mistakes(x, y, network))
    passed(f"an autoregressive layer of {num_dimensions} coordinates, there and back again")


def draw(seed: int, num_points: int, num_dimensions: int) -> tuple[Network, Tensor]:
    """A network with a triangular Jacobian, and points."""
    generator = torch.Generator().manual_seed(seed)
    shape = (2, num_dimensions, num_dimensions)
    A, B = torch.randn(shape, generator=generator, dtype=torch.double).tril(-1)
    x = torch.randn(num_points, num_dimensions, generator=generator, dtype=torch.double)

    def network(x: Tensor) -> tuple[Tensor, Tensor]:
        if x.shape[-1] != num_dimensions:
            sentence = f"it was given {x.shape[-1]} coordinates: it takes all {num_dimensions}"
            raise Mistake("what the network sees", sentence)
        return x @ A.T + 0.5, (x @ B.T).sin() + 0.2

    return network, x


def moved(x: Tensor, network: Network) -> Tensor:
    """x eˢ + t, of points `[..., D]`."""
    t, s = network(x)
    return x * s.exp() + t


def rounds(y: Tensor, network: Network, number: int) -> Tensor:
    """x after a number of rounds that begin with zeros; round i makes coordinate i right."""
    x = torch.zeros_like(y)
    for _ in range(number):
        t, s = network(x)
        x = (y - t) * (-s).exp()
    return x


def turned(y: Tensor, network: Network, way: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """What D rounds of another way back give, `[B, D]`."""
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        x = way(*network(x))
    return x


def onwards(y: Tensor, network: Network) -> Tensor:
    """(x − t) e⁻ˢ, again and again from y, `[B, D]`."""
    for _ in range(y.shape[-1]):
        t, s = network(y)
        y = (y - t) * (-s).exp()
    return y


def back_mistakes(y: Tensor, network: Network) -> dict[str, Tensor]:
    """What each known mistake gives for x, `[B, D]`."""
    D = y.shape[-1]
    t, s = network(y)
    step = torch.zeros_like(y)
    for i in range(D):
        t_i, s_i = network(step)
        step = torch.where(torch.arange(D) == i, (y - t_i) * s_i.exp(), step)
    return {
        "nothing has moved": y,
        "this is the layer once more, not its inverse": moved(y, network),
        "the network was shown y: that inverts the other layer, MAF": (y - t) * (-s).exp(),
        "coordinate i needs those before it: one run, or the reverse order, is not enough": (
            rounds(y, network, 1)
        ),
        "the last coordinate is not right yet: D runs of the network are needed": (
            rounds(y, network, D - 1)
        ),
        "it is scaled by eˢ: the inverse scales by e⁻ˢ": step,
        "t and s are swapped: the network returns t first": (
            turned(y, network, lambda t, s: (y - s) * (-t).exp())
        ),
        "t is added: the inverse takes it off": turned(
            y, network, lambda t, s: (y + t) * (-s).exp()
        ),
        "it scales before it shifts back: (y − t) e⁻ˢ": (
            turned(y, network, lambda t, s: y * (-s).exp() - t)
        ),
        "it is divided by s: s is the logarithm of the scale": (
            turned(y, network, lambda t, s: (y - t) / s)
        ),
        "each round begins with y: here it goes on from x": onwards(y, network),
    }


def det_mistakes(x: Tensor, y: Tensor, network: Network) -> dict[str, Tensor]:
    """What each known mistake gives for the log determinant, `[B]`."""
    s, D = network(x)[1], x.shape[-1]
    stale = network(torch.zeros_like(x))[1]
    return {
        "it has the sign of the way there: on the way back it is −∑ s": s.sum(-1),
        "s was asked at y: it belongs to x": -network(y)[1].sum(-1),
        "s was asked before any coordinate was right": -stale.sum(-1),
        "s was asked too early, when not all of x was right": (
            -network(rounds(y, network, D - 2))[1].sum(-1)
        ),
        "it is summed over rounds: only the last one counts": (
            -sum(network(rounds(y, network, i))[1].sum(-1) for i in range(D))
        ),
        "s is multiplied over coordinates: a log determinant sums": -s.prod(-1),
        "the logarithm is missing: the scales are multiplied": (-s).exp().prod(-1),
        "it is averaged over coordinates: a log determinant sums": -s.mean(-1),
        "it is not summed over coordinates": -s,
        "it is summed over points too: one per point is asked for": -s.sum(),
    }
