"""A running mean and standard deviation that know nothing of the batch they are used on."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, agree, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["statistics_are_of_the_past"]

BATCHES, SIZE = 8, 4
PastStatistics = Callable[[Tensor, float], tuple[Tensor, Tensor]]


@careful
def statistics_are_of_the_past(
    past_statistics: PastStatistics, *, seed: int, decay: float = 0.7, size: int = SIZE
) -> None:
    """Check that m and sd for batch t of a stream come from the batches 1 … t − 1 alone.

    After batch t, with step = max(1/t, 1 − decay): m moves by step · (mean(r) − m), s moves by
    step · (mean(r²) − s), and sd = √(s − m²). For the first batch m = 0 and sd = 1. So does
    `vilib.estimators.baselines.RunningStandardise`.

    Source: Mnih and Gregor, 2014, *Neural variational inference and learning in belief networks*,
    https://arxiv.org/abs/1402.0030, section 2.3.3.

    Args:
        past_statistics: Maps rewards `[N, B]`, a row per batch, and decay to means `[N]` and
            standard deviations `[N]`.
        seed: Seed of the stream.
        decay: Handed to the function.
        size: Rewards in a batch.

    Raises:
        Mistake: A value is wrong, or depends on the present or a later batch.

    Example:
        >>> def past_statistics(rewards, decay):
        ...     mean, square, rows = torch.tensor(0.0).double(), torch.tensor(1.0).double(), []
        ...     for t, r in enumerate(rewards, start=1):
        ...         rows.append(torch.stack([mean, (square - mean**2).sqrt()]))
        ...         step = max(1 / t, 1 - decay)
        ...         mean = mean + step * (r.mean() - mean)
        ...         square = square + step * ((r**2).mean() - square)
        ...     return torch.stack(rows).unbind(-1)
        >>> statistics_are_of_the_past(past_statistics, seed=1)
        ✓ changing batch n changes nothing up to batch n: the past alone is used
        ✓ mean and standard deviation are right over 8 batches, the first included
    """
    generator = torch.Generator().manual_seed(seed)
    rewards = 1.5 * torch.randn(BATCHES, size, dtype=torch.double, generator=generator) - 4
    mean, sd = unpack(past_statistics(rewards.clone(), decay))
    judge_causality(past_statistics, rewards, decay)
    true_mean, true_sd, means, sds = by_closed_form(rewards, decay)
    expect("the running mean", mean, true_mean, means)
    expect("the running standard deviation", sd, true_sd, sds)
    passed("changing batch n changes nothing up to batch n: the past alone is used")
    passed(f"mean and standard deviation are right over {BATCHES} batches, the first included")


def unpack(answer: object) -> tuple[Tensor, Tensor]:
    """The two tensors of an answer, or a `Mistake` that says what came back instead."""
    what = "(means, standard deviations)"
    like = torch.zeros(BATCHES, dtype=torch.double)
    means, sds = (as_value(what, part, like) for part in two_results(what, answer))
    for name, part in (("means", means), ("standard deviations", sds)):
        if part.shape != (BATCHES,):
            raise Mistake(
                what,
                f"one number per batch is expected in the {name}, [{BATCHES}], "
                f"not {tuple(part.shape)}",
            )
    return means, sds


def judge_causality(past_statistics: PastStatistics, rewards: Tensor, decay: float) -> None:
    """Change one batch and see where the answer moves."""
    before = unpack(past_statistics(rewards.clone(), decay))
    for n in (3, 0):
        changed = rewards.clone()
        changed[n] *= 2
        after = unpack(past_statistics(changed, decay))
        for name, old, new in zip(("running mean", "running standard deviation"), before, after):
            if n and not agree(new[:n], old[:n]):
                raise Mistake(f"the {name}", "it looks into the future: a later batch changes it")
            if not agree(new[n], old[n]):
                diagnosis = "it uses the present batch: update it after it is used, not before"
                raise Mistake(f"the {name}", diagnosis, yours=new[: n + 1], expected=old[: n + 1])


def by_closed_form(rewards: Tensor, decay: float) -> tuple[Tensor, Tensor, Mistakes, Mistakes]:
    """Mean and sd for every batch as weighted sums over its past, and the known mistakes."""
    means, squares = rewards.mean(-1), rewards.square().mean(-1)
    t = torch.arange(1, BATCHES + 1, dtype=torch.double)
    right = (1 / t).clamp(min=1 - decay)
    m, sd = of_the_past(means, squares, right)
    known_means, known_sds = {}, {}
    for sentence, step in wrong_steps(t, decay).items():
        known_means[sentence], known_sds[sentence] = of_the_past(means, squares, step)
    known_means["before the first batch it is 0"] = torch.cat([means[:1], m[1:]])
    known_means["the batch is summed; its mean is wanted"] = rewards.shape[1] * m
    root_mean_square = torch.cat([sd[:1], (sd**2 + m**2).sqrt()[1:]])
    return (
        m,
        sd,
        known_means,
        known_sds
        | {
            "it is the variance; take the root": sd**2,
            "v follows the square of the mean; it follows the mean of the squares": (
                of_the_past(means, means.square(), right)[1]
            ),
            "it is max(1, sd), which belongs to the division: give out sd itself": sd.clamp_min(1),
            "it is that of n − 1 rewards: it is √(v − m²) as it stands": torch.cat(
                [sd[:1], sd[1:] * (rewards.shape[1] / (rewards.shape[1] - 1)) ** 0.5]
            ),
            "it is the root mean square; subtract the squared mean first": root_mean_square,
            "before the first batch it is 1, so that rewards are not divided by 0": sd * (t > 1),
            "it is 1 throughout; it was never updated": torch.ones_like(sd),
            "it is the running mean of each batch's own standard deviation": (
                weights(right) @ rewards.std(-1, correction=0) + (t == 1)
            ),
        },
    )


def wrong_steps(t: Tensor, decay: float) -> dict[str, Tensor]:
    """What is taken for the step max(1/t, 1 − decay) by mistake, `[N]`."""
    right = (1 / t).clamp(min=1 - decay)
    slow = torch.full_like(t, 1 - decay)
    return {
        "decay and 1 − decay are swapped": (1 / t).clamp(min=decay),
        "all past batches count alike; old ones fade with the decay": 1 / t,
        "the first steps are 1 − decay; they are 1, 1/2, 1/3 … until that is smaller": slow,
        "every step is the decay; it is max(1/t, 1 − decay)": torch.full_like(t, decay),
        "the smaller of 1/t and 1 − decay is taken; it is the larger": (
            (1 / t).clamp(max=1 - decay)
        ),
        "the first step is 1/2; it is 1/t with t = 1": (1 / (t + 1)).clamp(min=1 - decay),
        "the first step is 1 − decay; it is 1/t with t = 1, not 0": (
            torch.cat([slow[:1], right[:-1]])
        ),
    }


def of_the_past(means: Tensor, squares: Tensor, step: Tensor) -> tuple[Tensor, Tensor]:
    """m and √(s − m²) for every batch, from those before it, `[N]` each; 0 and 1 at first."""
    past = weights(step)
    first = torch.arange(len(step)) == 0
    m, s = past @ means, past @ squares
    # weights that do not sum to 1 leave the rest to the start, m = 0 and s = 1
    s = s + (1 - past.sum(-1))
    return m, torch.where(first, 1.0, (s - m**2).sqrt())


def weights(step: Tensor) -> Tensor:
    """Weight of batch k at batch t (its row): stepₖ Π_{k<j<t} (1 − stepⱼ), `[N, N]`."""
    rows = [torch.zeros_like(step)]
    for t in range(len(step) - 1):
        row = rows[-1] * (1 - step[t])
        row[t] = step[t]
        rows.append(row)
    return torch.stack(rows)
