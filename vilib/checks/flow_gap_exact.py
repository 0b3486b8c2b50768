"""The ELBO of a flow, and the gap to a target whose normaliser is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent, Normal

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.checks.gradients import gradients
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["flow_gap_is_exact"]

Push = Callable[[Tensor], tuple[Tensor, Tensor]]
FlowGap = Callable[
    [Tensor, Distribution, Push, Callable[[Tensor], Tensor], float], tuple[Tensor, Tensor]
]
# the target: z₁ ~ N(0, 2²) and z₂ | z₁ ~ N(z₁²/2 − 1, ½²), times Z
WIDE, NARROW, LOG_Z = 2.0, 0.5, 1.7


@careful
def flow_gap_is_exact(flow_gap: FlowGap, *, seed: int, num_samples: int = 6) -> None:
    """ELBO = mean of log p̃(z) − log q(z), and log Z − ELBO, at given draws; their gradient.

    Then the bound itself: with draws that are the nodes of a quadrature, the gap of a q that bends
    with its target is positive and below that of the best mean-field Gaussian. Nothing is trained.

    Args:
        flow_gap: The learner's function: x `[S, D]` drawn from the base, base, push x ↦ (z, log
            determinant), log_density z ↦ log p̃(z), log Z → (ELBO `[]`, gap `[]`), nats.
        seed: Draws the flow and the points.
        num_samples: S.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> flow_gap_is_exact(lambda x, base, push, log_density, log_z: (x, x), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ELBO is not right: its shape is (6, 2), not ()...
    """
    generator = torch.Generator().manual_seed(seed)
    bend = 0.44 + 0.04 * torch.rand((), generator=generator, dtype=torch.double)
    bend.requires_grad_()
    x = 0.9 * torch.randn(num_samples, 2, generator=generator, dtype=torch.double)
    truth = by_jacobian(x, bend)
    yours = two_results("(ELBO, gap)", flow_gap(x.clone(), base(), bent(bend), banana, LOG_Z))
    expect("ELBO", yours[0], truth, elbo_mistakes(x, bend))
    expect("the gap", yours[1], LOG_Z - truth, gap_mistakes(truth))
    (slope,), (true_slope,) = gradients("ELBO", yours[0], bend), gradients("ELBO", truth, bend)
    expect(
        "the gradient of the ELBO in the flow's parameter",
        slope,
        true_slope,
        slope_mistakes(x, bend),
    )
    judge_bound(flow_gap, bend.detach())
    passed(f"ELBO and gap at {num_samples} draws; and a bent q's gap is below mean field's")


def base() -> Independent:
    """Where the draws come from: not quite the standard Gaussian."""
    return Independent(Normal(torch.zeros(2, dtype=torch.double), 0.9), 1)


def banana(z: Tensor) -> Tensor:
    """log p̃(z), `[..., 2]` → `[...]`; its normaliser is exp(LOG_Z)."""
    z1, z2 = z.unbind(-1)
    across = Normal(z1**2 / 2 - 1, NARROW).log_prob(z2)
    return Normal(0.0, WIDE).log_prob(z1) + across + LOG_Z


def bent(bend: Tensor) -> Push:
    """z₁ = 2 (x₁ + ½ bend tanh x₁), z₂ = 0.6 x₂ + bend z₁² − 1: nearly a banana."""

    def push(x: Tensor) -> tuple[Tensor, Tensor]:
        x1, x2 = x.unbind(-1)
        t = x1.tanh()
        z1 = WIDE * (x1 + bend * t / 2)
        log_det = (WIDE * (1 + bend * (1 - t**2) / 2)).log() + math.log(0.6)
        return torch.stack([z1, 0.6 * x2 + bend * z1**2 - 1], -1), log_det

    return push


def log_ratio(x: Tensor, bend: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """log p̃(z), log base(x) and the log determinant of autograd's Jacobian, `[S]` each."""
    push = bent(bend)
    log_det = log_det_by_autograd(lambda x: push(x)[0], x)
    return banana(push(x)[0]), base().log_prob(x), log_det


def by_jacobian(x: Tensor, bend: Tensor) -> Tensor:
    """The ELBO at given draws, `[]`."""
    log_p, log_base, log_det = log_ratio(x, bend)
    return (log_p - log_base + log_det).mean()


def best_mean_field_gap() -> float:
    """KL of the best Gaussian with independent z₁ ~ N(0, v) and z₂: v solves 4v² + v/4 = 1.

    With E(z₂ − z₁²/2 + 1)² = s² + v²/2 at z₂'s best mean and s = ½, the KL is
    v/8 + 2 (s² + v²/2) − ½ log v − log s − 1.
    """
    v = (-0.25 + math.sqrt(0.0625 + 16)) / 8
    return v / 8 + 2 * (NARROW**2 + v**2 / 2) - math.log(v) / 2 - math.log(NARROW) - 1


def judge_bound(flow_gap: FlowGap, bend: Tensor) -> None:
    """0 < gap < mean field's, with an even grid of quantiles in the place of draws."""
    shares = (torch.arange(64, dtype=torch.double) + 0.5) / 64
    x = torch.cartesian_prod(*[Normal(0.0, 0.9).icdf(shares)] * 2)
    gap = two_results("(ELBO, gap)", flow_gap(x, base(), bent(bend), banana, LOG_Z))[1]
    mean_field = best_mean_field_gap()
    gap = float(as_value("the gap", gap, torch.tensor(0.0)))
    if not 0 < gap < mean_field:
        sentence = f"it is not between 0 and mean field's, {mean_field:.3f}"
        raise Mistake("the gap of a bent q", sentence, yours=gap)


def elbo_mistakes(x: Tensor, bend: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the ELBO, `[]`."""
    log_p, log_base, log_det = log_ratio(x, bend)
    z = bent(bend)(x)[0]
    ratio = log_p - log_base + log_det
    return {
        "the log determinant has the wrong sign: log q(z) = log base(x) − log |det|": (
            (log_p - log_base - log_det).mean()
        ),
        "the log determinant is missing: log q(z) is not log base(x)": (log_p - log_base).mean(),
        "the base is asked at z: it knows where x lies": (
            (log_p - base().log_prob(z) + log_det).mean()
        ),
        "the base is asked at z, and the log determinant is missing": (
            (log_p - base().log_prob(z)).mean()
        ),
        "−log q(z) is missing": log_p.mean(),
        "log q(z) has the wrong sign": (log_p + log_base - log_det).mean(),
        "log p̃ is asked at x: the target knows where z lies": (
            (banana(x) - log_base + log_det).mean()
        ),
        "it has the wrong sign: this is the negative ELBO": -ratio.mean(),
        "log Z is taken off: the ELBO is a bound on log Z": ratio.mean() - LOG_Z,
        "it is summed over samples, not averaged": ratio.sum(),
        "it is not averaged over samples": ratio,
        "the log determinants are summed over samples, not averaged": (
            (log_p - log_base).mean() + log_det.sum()
        ),
        "log p̃ was exponentiated": (log_p.exp() - log_base + log_det).mean(),
        "the samples are weighted by q: they are drawn from q already": (
            ((log_base - log_det).exp() * ratio).sum()
        ),
        "the two results are swapped: ELBO first, then gap": LOG_Z - ratio.mean(),
        "it is the log of a mean: the ELBO is the mean of a log": (
            ratio.logsumexp(0) - math.log(len(x))
        ),
    }


def slope_mistakes(x: Tensor, bend: Tensor) -> dict[str, Tensor]:
    """The gradient of the ELBO if one of its terms is cut off, `[]`."""
    log_p, log_base, log_det = log_ratio(x, bend)
    parts = {
        "the log determinant is detached, or made without a gradient": log_p - log_base,
        "z is detached: the target is asked at a z that nothing flows back from": (
            log_det - log_base
        ),
    }
    return {why: gradients("ELBO", part.mean(), bend)[0] for why, part in parts.items()}


def gap_mistakes(elbo: Tensor) -> dict[str, Tensor | float]:
    """What each known mistake gives for the gap, `[]`."""
    return {
        "it has the wrong sign: log Z lies above the ELBO": elbo - LOG_Z,
        "ELBO and log Z are added": LOG_Z + elbo,
        "log Z is taken for Z": math.exp(LOG_Z) - elbo,
        "Z is taken for log Z: take no logarithm": math.log(LOG_Z) - elbo,
        "it is the ELBO again": elbo,
        "it is a ratio: take the ELBO off log Z": LOG_Z / elbo,
        "it is minus the ELBO: log Z is missing": -elbo,
    }
