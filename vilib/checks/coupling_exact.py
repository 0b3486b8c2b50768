"""An affine coupling layer and its inverse."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["coupling_is_exact", "coupling_undoes_itself"]

Network = Callable[[Tensor], tuple[Tensor, Tensor]]
CouplingLayer = Callable[[Tensor, Network], tuple[Tensor, Tensor]]


@careful
def coupling_is_exact(
    coupling: CouplingLayer, *, seed: int, num_points: int = 4, half: int = 2
) -> None:
    """y = (a, b eˢ⁽ᵃ⁾ + t(a)), and log |det ∂y/∂x| against autograd's whole Jacobian.

    Args:
        coupling: The learner's function: x `[B, D]`, network a `[B, D/2]` ↦ (t, s), `[B, D/2]`
            each → (y `[B, D]`, log determinant `[B]`).
        seed: Draws network and points.
        num_points: B.
        half: D / 2.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> coupling_is_exact(lambda x, network: (x, x.sum(-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: y is not right: nothing has moved...
    """
    network, x = draw(seed, num_points, half)
    truth = moved(x, network), log_det_by_autograd(lambda x: moved(x, network), x)
    yours = two_results("(y, log_det)", coupling(x.clone(), network))
    expect("y", yours[0], truth[0], move_mistakes(x, network))
    expect("log |det ∂y/∂x|", yours[1], truth[1], det_mistakes(*network(x[:, :half])))
    passed(f"a coupling layer of {half} + {half} coordinates, and its log determinant")


@careful
def coupling_undoes_itself(
    coupling: CouplingLayer,
    coupling_inverse: CouplingLayer,
    *,
    seed: int,
    num_points: int = 4,
    half: int = 2,
) -> None:
    """The inverse gives x back from y, and the log determinant of the way back.

    The y come from this check's own layer, so that a mistake in `coupling` costs nothing here;
    after that the learner's two functions must undo one another.

    Args:
        coupling: As in `coupling_is_exact`.
        coupling_inverse: y `[B, D]`, network → (x `[B, D]`, log |det ∂x/∂y| `[B]`).
        seed: Draws network and points.
        num_points: B.
        half: D / 2.

    Raises:
        Mistake: With the diagnosis.
    """
    network, x = draw(seed, num_points, half)
    y = moved(x, network)
    back = log_det_by_autograd(lambda y: unmoved(y, network), y)
    yours = two_results("(x, log_det)", coupling_inverse(y.clone(), network))
    expect("x, from the inverse,", yours[0], x, back_mistakes(y, network))
    s, s2 = network(y[:, :half])[1], network(x[:, half:])[1]
    expect("log |det ∂x/∂y|", yours[1], back, inverse_det_mistakes(s, s2))
    round_trip = two_results("(y, log_det)", coupling(x.clone(), network))[0]
    round_trip = two_results("(x, log_det)", coupling_inverse(round_trip, network))[0]
    expect("x, there and back again,", round_trip, x)
    passed(f"the inverse undoes the layer, {half} + {half} coordinates")


def draw(seed: int, num_points: int, half: int) -> tuple[Network, Tensor]:
    """A network that refuses inputs of another size, and points."""
    generator = torch.Generator().manual_seed(seed)
    A, B = torch.randn(2, half, half, generator=generator, dtype=torch.double)
    x = torch.randn(num_points, 2 * half, generator=generator, dtype=torch.double)

    def network(a: Tensor) -> tuple[Tensor, Tensor]:
        if a.shape[-1] != half:
            sentence = f"it was given {a.shape[-1]} coordinates: it sees the first half, {half}"
            raise Mistake("what the network sees", sentence)
        return (a @ A + 0.7).tanh() * 2, (a @ B).sin() + 0.3

    return network, x


def moved(x: Tensor, network: Network) -> Tensor:
    """(a, b eˢ + t) of points `[..., D]`."""
    a, b = x.chunk(2, -1)
    t, s = network(a)
    return torch.cat([a, b * s.exp() + t], -1)


def unmoved(y: Tensor, network: Network) -> Tensor:
    """(a, (b − t) e⁻ˢ) of points `[..., D]`."""
    a, b = y.chunk(2, -1)
    t, s = network(a)
    return torch.cat([a, (b - t) * (-s).exp()], -1)


def move_mistakes(x: Tensor, network: Network) -> dict[str, Tensor]:
    """What each known mistake gives for y, `[B, D]`."""
    a, b = x.chunk(2, -1)
    t, s = network(a)
    t2, s2 = network(b)
    return {
        "nothing has moved": x,
        "it is scaled by s: s is the logarithm of the scale": torch.cat([a, b * s + t], -1),
        "t and s are swapped: the network returns t first": torch.cat([a, b * t.exp() + s], -1),
        "it shifts before it scales: b eˢ + t": torch.cat([a, (b + t) * s.exp()], -1),
        "the half that the network sees moved, too, or in the other's place": torch.cat(
            [a * s.exp() + t, b], -1
        ),
        "the network was shown the half that moves": torch.cat([a, b * s2.exp() + t2], -1),
        "the network was shown the second half, and the first one moved": torch.cat(
            [a * s2.exp() + t2, b], -1
        ),
        "both halves moved: the first one stays": torch.cat([a * s.exp() + t, b * s.exp() + t], -1),
        "the halves have changed places": torch.cat([b * s.exp() + t, a], -1),
        "this is the inverse of the layer": unmoved(x, network),
        "the shift t is missing": torch.cat([a, b * s.exp()], -1),
        "it is scaled by e⁻ˢ: that is the way back": torch.cat([a, b * (-s).exp() + t], -1),
        "the scale is eˢ, not softplus(s)": torch.cat(
            [a, b * torch.nn.functional.softplus(s) + t], -1
        ),
        "s went through a tanh: the network has done what is to be done": torch.cat(
            [a, b * s.tanh().exp() + t], -1
        ),
        "every other coordinate was taken: the halves are the first and the second": torch.cat(
            [x[:, ::2], x[:, 1::2] * network(x[:, ::2])[1].exp() + network(x[:, ::2])[0]], -1
        ),
    }


def det_mistakes(t: Tensor, s: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the log determinant, `[B]`."""
    log_det = s.sum(-1)
    return {
        "it has the wrong sign: this is the log determinant of the inverse": -log_det,
        "t is summed: s is the logarithm of the scale": t.sum(-1),
        "the logarithm is missing: the scales are multiplied": s.exp().prod(-1),
        "the scales are added: their logarithms are": s.exp().sum(-1),
        "it is averaged over coordinates: a log determinant sums": s.mean(-1),
        "it is not summed over coordinates": s,
        "it is summed over points too: one per point is asked for": s.sum(),
        "it is the log of the sum of s": s.sum(-1).abs().log(),
    }


def back_mistakes(y: Tensor, network: Network) -> dict[str, Tensor]:
    """What each known mistake gives for x, `[B, D]`."""
    a, b = y.chunk(2, -1)
    t, s = network(a)
    t2, s2 = network(b)
    return {
        "nothing has moved": y,
        "this is the layer once more, not its inverse": moved(y, network),
        "it scales before it shifts back: (b − t) e⁻ˢ": torch.cat([a, b * (-s).exp() - t], -1),
        "it is scaled by eˢ: the inverse scales by e⁻ˢ": torch.cat([a, (b - t) * s.exp()], -1),
        "t is added: the inverse takes it off": torch.cat([a, (b + t) * (-s).exp()], -1),
        "it is divided by s: s is the logarithm of the scale": torch.cat([a, (b - t) / s], -1),
        "the shift t is missing": torch.cat([a, b * (-s).exp()], -1),
        "t and s are swapped: the network returns t first": torch.cat(
            [a, (b - s) * (-t).exp()], -1
        ),
        "the halves have changed places": torch.cat([(b - t) * (-s).exp(), a], -1),
        "the network was shown the half that has moved": torch.cat([a, (b - t2) * (-s2).exp()], -1),
    }


def inverse_det_mistakes(s: Tensor, s2: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the inverse's log determinant, `[B]`."""
    return {
        "it has the sign of the way there: on the way back it is −∑ s": s.sum(-1),
        "s was asked of the half that moves: the network sees the one that stays": -s2.sum(-1),
        "it is one over the way there: on the way back it is minus": 1 / s.sum(-1),
        "the logarithm is missing: the scales are multiplied": (-s).exp().prod(-1),
        "it is averaged over coordinates: a log determinant sums": -s.mean(-1),
        "it is not summed over coordinates": -s,
        "it is summed over points too: one per point is asked for": -s.sum(),
    }
