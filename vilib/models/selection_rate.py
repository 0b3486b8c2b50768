"""Choose how many words are read, not what a word costs."""

from __future__ import annotations

from torch import Tensor
from torch.distributions import Independent

__all__ = ["SelectionRate"]


class SelectionRate:
    """Holds the share of selected words at a target, by a price that finds itself.

    To be added to what is minimised, with r the mean of q(zₜ = 1) over the words of the batch:

        penalty = λ (r − s) + κ/2 (r − s)²,   after each step λ ← λ + η (r − s)

    Four things make it work within a few hundred steps.

    - The target s goes down from 1 to `target` in a straight line over the first `num_anneal`
      steps. The model starts by reading everything, as selectors do; a classifier that has learned
      something can tell the selector which words matter, one that has seen few words cannot.
    - The quadratic term pulls at once, before λ has grown. Without it λ overshoots and r swings.
    - λ is two-sided: below the target it falls, even under zero, and then pays for reading more.
    - r is q's own mean, not that of samples: this part of the gradient has no variance.

    Why not a fixed price? The KL to a Bernoulli prior is one: with prior rate p a selected word
    costs log((1 − p) / p) nats more than one left out, whatever it buys. Two classes and p = .15
    make it plain: a selected word costs log(1 / .15) = 1.90 nats and gains at most log 2 = .69, so
    that to read nothing is best. Five classes are no better. On SST `python -m bench.fixed_price`
    found at most .3 % of the words selected on dev for every p tried up to .45, 98 % for p = .5,
    where nothing has a price, and all of them above: the share jumps. With few words read the
    classifier never learns what one more would be worth, and with many read it pays for all. A
    constraint asks for the share itself, and λ tells what the last words read were worth.

    Attributes:
        multiplier: λ, in nats for reading all words rather than none. It multiplies the mean share,
            so one word of a sentence of T words costs about λ / T nats.
        step: Steps taken.
        rate: r of the last batch; 1 before the first.

    Args:
        target: s at the end, in (0, 1].
        num_anneal: Steps until s has come down to it.
        curvature: κ.
        learning_rate: η.

    Raises:
        ValueError: The target is not in (0, 1], or the number of steps is negative.

    Source: S. Boyd and L. Vandenberghe, 2004, Convex Optimization, chapter 5,
    https://stanford.edu/~boyd/cvxbook; D. P. Bertsekas, 1982, Constrained Optimization and Lagrange
    Multiplier Methods; for rationales, J. Bastings, W. Aziz and I. Titov, 2019,
    https://aclanthology.org/P19-1284

    Example: too many words are read, so the price rises.
        >>> import torch
        >>> from torch.distributions import Bernoulli, Independent
        >>> q = Independent(Bernoulli(probs=torch.tensor([[0.5, 0.7, 0.0]])), 1)
        >>> constraint = SelectionRate(target=0.2, num_anneal=0, curvature=10.0, learning_rate=0.5)
        >>> penalty = constraint.penalty(q, torch.tensor([[True, True, False]]))
        >>> print(f"{penalty:.2f}, {constraint.rate:.2f}, {constraint.multiplier:.2f}")
        0.80, 0.60, 0.20
    """

    def __init__(
        self,
        target: float,
        num_anneal: int,
        *,
        curvature: float = 40.0,
        learning_rate: float = 0.1,
    ) -> None:
        if not 0 < target <= 1:
            raise ValueError(f"target is {target}, expected a share in (0, 1]")
        if num_anneal < 0:
            raise ValueError(f"num_anneal is {num_anneal}, expected 0 or more steps")
        self.target, self.num_anneal = target, num_anneal
        self.curvature, self.learning_rate = curvature, learning_rate
        self.reset()

    def reset(self) -> None:
        """Back to the first step: no price, the target at 1."""
        self.multiplier, self.step, self.rate = 0.0, 0, 1.0

    @property
    def current_target(self) -> float:
        """s at this step."""
        if self.step >= self.num_anneal:
            return self.target
        return 1 - (1 - self.target) * self.step / self.num_anneal

    def penalty(self, q: Independent, mask: Tensor) -> Tensor:
        """The penalty of a batch, `[]`, with a gradient in q; then λ and s take their step.

        Args:
            q: Independent Bernoullis, batch `[B]`, event `[T]`.
            mask: True on words, `[B, T]`.
        """
        rate = (q.base_dist.probs * mask).sum() / mask.sum()
        gap = rate - self.current_target
        penalty = self.multiplier * gap + self.curvature / 2 * gap**2
        self.multiplier += self.learning_rate * gap.item()
        self.rate, self.step = rate.item(), self.step + 1
        return penalty

    def state_dict(self) -> dict[str, float]:
        """What a checkpoint keeps."""
        return {"multiplier": self.multiplier, "step": self.step, "rate": self.rate}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Go on from a checkpoint."""
        self.multiplier, self.rate = state["multiplier"], state["rate"]
        self.step = int(state["step"])
