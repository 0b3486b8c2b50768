"""A test that tells bias from noise, tested: it must convict the biased and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.distributions import Bernoulli

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import in_float32
from vilib.estimators import (
    Estimator,
    GumbelStraightThrough,
    ScoreFunction,
    StraightThroughBernoulli,
)
from vilib.estimators.baselines import LeaveOneOut

__all__ = ["bias_is_detected"]

ZScores = Callable[[Tensor, Tensor], Tensor]
IsBiased = Callable[[Tensor, Tensor], bool]
N, ENTRIES = 400, 16
# real gradients are fixed tables, chosen by the seed: by luck a fresh one may look biased
DRAWS, TABLES = 2_000, 8
WHAT = "the verdict"
REAL: dict[str, tuple[Estimator, bool]] = {
    "straight-through": (StraightThroughBernoulli(), True),
    "straight-through Gumbel at τ = 1": (GumbelStraightThrough(1.0), True),
    "leave-one-out": (ScoreFunction(LeaveOneOut()), False),
}


@careful
def bias_is_detected(z_scores: ZScores, is_biased: IsBiased, *, seed: int) -> None:
    """Standard errors are right; gradients made to measure and real ones get the right verdict.

    Args:
        z_scores: Maps gradients `[N, D]` and the exact gradient `[D]` to (mean − exact) in
            standard errors, `[D]`; 0 where every draw is exact.
        is_biased: Maps the same to whether any entry is more than 5 standard errors off.
        seed: Draws the gradients.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> bias_is_detected(lambda g, e: (g.mean(0) - e) / g.std(0), lambda g, e: False, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: z is not right: it is in standard deviations of one draw; ...
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(N, ENTRIES, generator=generator).double()
    truth = torch.randn(ENTRIES, generator=generator).double()
    z = torch.empty(ENTRIES, dtype=torch.double).uniform_(-4.5, 4.5, generator=generator)
    # whatever was drawn, the limit is seen from below, on both sides
    z[1], z[-1] = -4.7, 4.7
    draws = made_to_measure(noise, truth, z)
    # in float32: a tiny number beside the standard error, against 0/0, is no mistake
    expect("z", z_scores(draws, truth), z.float(), in_float32(mistakes(draws, truth)))
    still, exact_0, rest = one_still(z_scores, draws, truth, z)
    passed(f"z of {ENTRIES} entries, and 0 for one that never varies and is right")
    judge_verdicts(is_biased, noise, truth, z)
    judge_still(is_biased, still, exact_0, rest)
    passed("an entry 5.3 standard errors off convicts, high or low; 16 within 4.7 do not")
    for name, (_, biased) in REAL.items():
        draws, truth = (t.clone() for t in real(name, seed % TABLES))
        verdict(is_biased, draws, truth, biased, f"{name} on a real gradient")
    passed(f"of {DRAWS:,} real gradients: straight-through convicted, leave-one-out not")


def made_to_measure(noise: Tensor, truth: Tensor, z: Tensor) -> Tensor:
    """Draws whose mean is z standard errors off, exactly, `[N, D]`; each entry has its own size."""
    size = torch.logspace(-2, 2, noise.shape[1], dtype=torch.double)
    standard = (noise - noise.mean(0)) / noise.std(0)
    return truth + size * (standard + z / len(noise) ** 0.5)


def one_still(
    z_scores: ZScores, draws: Tensor, truth: Tensor, z: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Draws, truth and z with one entry that never varies and is right: 0 off."""
    still, exact_0, rest = draws.clone(), truth.clone(), z.clone()
    # zero is the one number whose mean is exact, however it is added up
    still[:, 0] = exact_0[0] = rest[0] = 0.0
    yours = z_scores(still, exact_0)
    if isinstance(yours, Tensor) and bool(yours.isnan().any()):
        raise Mistake("z", "an entry that is always exactly right is 0/0; make it 0", yours=yours)
    expect("z with an entry that never varies", yours, rest.float())
    return still, exact_0, rest


def judge_still(is_biased: IsBiased, still: Tensor, truth: Tensor, z: Tensor) -> None:
    """An entry that never varies convicts nobody, and is no excuse for the others."""
    verdict(is_biased, still, truth, False, "an entry that never varies and is right")
    spoilt = still.clone()
    spoilt[:, 1] += (-5.3 - z[1]) * still[:, 1].std() / len(still) ** 0.5
    verdict(
        is_biased,
        spoilt,
        truth,
        True,
        "one entry never varies, another is 5.3 standard errors too low",
    )


def judge_verdicts(is_biased: IsBiased, noise: Tensor, truth: Tensor, z: Tensor) -> None:
    """Gradients whose distance from the truth is known."""
    for entries, biased, case in (
        ({}, False, "16 entries within 4.7 standard errors"),
        ({3: 5.3}, True, "one entry 5.3 standard errors too high"),
        ({3: -5.3}, True, "one entry 5.3 standard errors too low"),
        ({3: 8.0, 4: -8.0}, True, "one entry 8 too high and one 8 too low"),
        ({0: 5.3}, True, "the smallest entry 5.3 standard errors too high"),
    ):
        off = z.clone()
        for index, value in entries.items():
            off[index] = value
        verdict(is_biased, made_to_measure(noise, truth, off), truth, biased, case)


def verdict(is_biased: IsBiased, draws: Tensor, truth: Tensor, biased: bool, case: str) -> None:
    """Raise a `Mistake` if the verdict is the other one, or is none."""
    said = is_biased(draws, truth)
    if said is None:
        raise Mistake(WHAT, "the function returned None; is a `return` missing?")
    if isinstance(said, str | list | tuple | dict):
        kind = type(said).__name__
        raise Mistake(WHAT, f"True or False is asked for, and a {kind} came back", yours=said)
    if isinstance(said, Tensor) and said.numel() != 1:
        raise Mistake(WHAT, "one verdict on the whole gradient is asked for", yours=said)
    if bool(said) != biased:
        should = "it must be found biased" if biased else "it must not be found biased"
        raise Mistake(WHAT, f"{case}: {should}")


@cache
def real(name: str, table: int) -> tuple[Tensor, Tensor]:
    """A fixed table of gradients of E[(z₁ + 2 z₂ − 0.45)³], and the exact one."""
    # asymmetric: where both faces are as likely, a bias can hide
    logits = torch.tensor([-1.5, 0.8], dtype=torch.double)

    def f(z: Tensor) -> Tensor:
        return (z[..., 0] + 2 * z[..., 1] - 0.45) ** 3

    leaf = logits.clone().requires_grad_()
    (truth,) = exact.gradient(independent(leaf[None]), f, [leaf])
    copies = logits.expand(DRAWS, -1).clone().requires_grad_()
    with torch.random.fork_rng():
        torch.manual_seed(table)
        surrogate = REAL[name][0](independent(copies), f, num_samples=2)
    return torch.autograd.grad(surrogate.sum(), copies)[0], truth


def independent(logits: Tensor) -> torch.distributions.Independent:
    """Two bits."""
    return torch.distributions.Independent(Bernoulli(logits=logits), 1)


def mistakes(draws: Tensor, truth: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for z."""
    off, sd, n = draws.mean(0) - truth, draws.std(0), len(draws)
    return {
        "it is in standard deviations of one draw; the standard error is sd / √N": off / sd,
        "sd is divided by N; the standard error is sd / √N": off / (sd / n),
        "the variance stands where the standard deviation belongs": off / (sd**2 / n**0.5),
        "the variance stands where the standard deviation belongs (sd² / N)": off / (sd**2 / n),
        "it is the bias itself, not in standard errors": off,
        "the sign is reversed: it is (mean − exact) / se": -off / sd * n**0.5,
        "the sign is lost: it is (mean − exact) / se": (off / sd * n**0.5).abs(),
        "the exact gradient is not subtracted": draws.mean(0) / sd * n**0.5,
        "it is squared": (off / sd) ** 2 * n,
        "it is divided by the exact gradient; divide by the standard error": off / truth,
        "sd is multiplied by √N; the standard error is sd / √N": off / sd / n**0.5,
        "√(N − 1) stands where √N belongs": off / sd * (n - 1) ** 0.5,
        "√D stands where √N belongs: count draws, not entries": off / sd * len(truth) ** 0.5,
        "all numbers are counted; N is the number of draws": off / sd * draws.numel() ** 0.5,
        "one sd of the whole table is used; each entry has its own": off / draws.std() * n**0.5,
        "sd is taken around the exact gradient; take it around the mean": (
            off / (draws - truth).square().mean(0).sqrt() * n**0.5
        ),
        "sd is that of N draws; divide by N − 1, as torch does": off
        / draws.std(0, unbiased=False)
        * n**0.5,
        **{
            f"{tiny:g} is added to the standard error, too much for small entries": (
                off / (sd / n**0.5 + tiny)
            )
            for tiny in (1e-6, 1e-5, 1e-4, 1e-3)
        },
        "mean and sd run over entries; they run over draws": (
            (draws - truth).mean(1) / draws.std(1) * draws.shape[1] ** 0.5
        ),
    }
