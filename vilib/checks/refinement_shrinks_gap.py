"""Local refinement: every example's own q is better than the encoder's."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import as_value
from vilib.checks.linear_gaussian import LinearGaussian
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["refinement_shrinks_the_gap"]

Elbo = Callable[[Tensor, Tensor], Tensor]
Refine = Callable[[Tensor, Tensor, Elbo], tuple[Tensor, Tensor]]
WHAT, BOTH = "the refined q", "(mean, log sd)"
# share of each example's amortisation gap that must be closed
CLOSED = 0.9


@careful
def refinement_shrinks_the_gap(
    refine_locally: Refine, *, seed: int, num_examples: int = 4, num_latents: int = 2
) -> None:
    """The ELBO of each example rises to nearly the best that a diagonal Gaussian can do.

    The model is linear and Gaussian: its ELBO is exact, and the best diagonal q is known, with the
    posterior's mean and variances 1/Λ_dd.

    Args:
        refine_locally: Mean `[B, D]`, log sd `[B, D]`, ELBO (maps both to `[B]`) → (mean, log sd),
            `[B, D]` each.
        seed: Draws the model, the data and where the encoder starts.
        num_examples: B.
        num_latents: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> refinement_shrinks_the_gap(lambda m, a, elbo: (m, a), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the refined q is not right: it is where it started...
    """
    model = LinearGaussian.draw(seed, num_examples, 4, num_latents)
    best_mean, best_log_sd = best_diagonal(model)
    generator = torch.Generator().manual_seed(seed + 20_000)
    # errors of an encoder: another one for each example, in no direction that examples share
    turn = torch.linspace(0, 2 * torch.pi, num_examples + 1, dtype=torch.double)[:-1, None]
    errors = torch.cat([turn.cos(), turn.sin()], -1)[:, :num_latents]
    unsure = torch.rand(best_mean.shape, generator=generator, dtype=torch.double)
    # as they come from an encoder: with a graph behind them
    encoder = torch.zeros((), dtype=torch.double, requires_grad=True)
    mean = best_mean + 0.8 * errors + encoder
    log_sd = best_log_sd + 0.7 + 0.3 * unsure + encoder
    start = mean.detach().clone(), log_sd.detach().clone()
    elbo = Watched(model.elbo(), start)
    found = two_results(BOTH, refine_locally(mean, log_sd, elbo))
    yours = tuple(as_value(WHAT, each, best_mean) for each in found)
    for each, name in zip(yours, ("mean", "log sd")):
        if each.shape != best_mean.shape:
            shape = tuple(each.shape)
            raise Mistake(WHAT, f"the shape of its {name} is {shape}, not {tuple(mean.shape)}")
    if encoder.grad is not None:
        raise Mistake(
            WHAT, "its gradient ran on into the encoder: start from detached copies of both"
        )
    judge(model, start, yours, (best_mean, best_log_sd), elbo.highest)
    if any(each.requires_grad for each in yours):
        raise Mistake(WHAT, "it is good, but still asks for a gradient: return detached tensors")
    passed(f"each of {num_examples} ELBOs rose, and {CLOSED:.0%} or more of each gap is closed")


class Watched:
    """The ELBO, which remembers how high it was, and refuses calls that it is not made for.

    Attributes:
        highest: Of all calls so far, the sum over examples.
    """

    def __init__(self, elbo: Elbo, start: tuple[Tensor, Tensor]) -> None:
        self.elbo, self.start, self.highest = elbo, start, -torch.inf

    def __call__(self, mean: Tensor, log_sd: Tensor) -> Tensor:
        """Per example; one example at a time would be compared with all pictures."""
        shape = self.start[0].shape
        for each, name in ((mean, "mean"), (log_sd, "log sd")):
            if each.shape != shape:
                said = f"it was given a {name} of shape {tuple(each.shape)}, not {tuple(shape)}"
                raise Mistake("the call of elbo", said)
        if torch.equal(mean, self.start[1]) and torch.equal(log_sd, self.start[0]):
            raise Mistake("the call of elbo", "its arguments are exchanged: elbo(mean, log_sd)")
        found = self.elbo(mean, log_sd)
        self.highest = max(self.highest, float(found.detach().sum()))
        return found


def best_diagonal(model: LinearGaussian) -> tuple[Tensor, Tensor]:
    """Mean and log sd of the best diagonal Gaussian, `[B, D]` each: variances 1/Λ_dd."""
    posterior = model.posterior()
    precision = posterior.precision_matrix.diagonal(dim1=-2, dim2=-1)
    log_sd = -0.5 * precision.log()
    return posterior.mean.clone(), log_sd.expand_as(posterior.mean).clone()


@torch.no_grad()
def judge(
    model: LinearGaussian,
    start: tuple[Tensor, Tensor],
    yours: tuple[Tensor, Tensor],
    best: tuple[Tensor, Tensor],
    highest: float,
) -> None:
    """Compare the gaps before and after, example by example."""
    yours = tuple(each.double() for each in yours)
    elbo = model.elbo()
    before, after, top = (elbo(*q) for q in (start, yours, best))
    if torch.equal(yours[0], start[0]) and torch.equal(yours[1], start[1]):
        raise Mistake(WHAT, "it is where it started: nothing was refined")
    if not bool(torch.isfinite(after).all()):
        raise Mistake(WHAT, "its ELBO is not finite", yours=after)
    confused(elbo, yours, top, top - before)
    half = 0.5 * float((top - before).sum())
    if highest > float(before.sum()) + half and float(after.sum()) < highest - half:
        said = (
            "the ELBOs climbed and fell again: gradients of earlier steps add up (zero_grad), or "
            "the steps are too large"
        )
        raise Mistake(WHAT, said, yours=after, expected=top)
    if bool((after < before).all()):
        said = "every ELBO fell: the ELBO is to be raised, an optimiser lowers its loss"
        raise Mistake(WHAT, said, yours=after, expected=top)
    if torch.equal(yours[1], start[1]):
        raise Mistake(WHAT, "only the mean moved: refine the log sd, too", yours=after)
    if torch.equal(yours[0], start[0]):
        raise Mistake(WHAT, "only the log sd moved: refine the mean, too", yours=after)
    shift = yours[0] - start[0]
    if torch.allclose(shift, shift[:1].expand_as(shift), atol=1e-6):
        said = "all examples were shifted alike: each has a q of its own"
        raise Mistake(WHAT, said, yours=shift)
    if torch.allclose(yours[0], yours[0][:1].expand_as(yours[0]), atol=1e-6):
        raise Mistake(WHAT, "all examples have one q: each has a q of its own", yours=yours[0])
    closed = 1 - (top - after) / (top - before)
    if bool((closed < CLOSED).any()):
        said = f"it has not arrived: {float(closed.min()):.0%} of an example's gap is closed"
        raise Mistake(WHAT, said, yours=after, expected=top)


def confused(elbo: Elbo, yours: tuple[Tensor, Tensor], top: Tensor, gap: Tensor) -> None:
    """Name a good q that came back in other words."""
    mean, second = yours
    readings = {
        "it is the sd that came back, where the log sd is asked for": (mean, second.log()),
        "it is the log variance that came back, where the log sd is asked for": (mean, second / 2),
        "the two are exchanged: the mean comes first": (second, mean),
    }
    if bool((top - elbo(mean, second) <= (1 - CLOSED) * gap).all()):
        return
    for said, q in readings.items():
        # NaN, the log of a negative number, is not below anything
        if bool((top - elbo(*q) <= (1 - CLOSED) * gap).all()):
            raise Mistake(WHAT, said)
