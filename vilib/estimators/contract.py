"""What every gradient estimator promises, and how the registry describes one.

An estimator is called as `estimator(q, f, num_samples=1) -> surrogate`:

- q: a distribution with batch shape `[B]` (or `[]`); event axes are declared with `Independent`.
- f: maps z `[S, B, *event]` to `[S, B]`; it may itself depend on parameters, q's included.
- surrogate: `[B]`. Its value is the Monte Carlo mean of f; its gradient is the estimate of
  ∇ E_q[f(z)], the direct dependence of f on parameters included.

So `surrogate.mean().backward()` trains, and another estimator is another word. Draws come from
torch's own random state, under the seed that the caller set.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.exact.enumeration import innermost

if TYPE_CHECKING:
    from vilib.estimators.baselines.baseline import Baseline

__all__ = ["Entry", "Estimator"]


class Estimator(ABC):
    """A gradient estimator; see the module for the contract.

    Example: swap the estimator, keep the code.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> from vilib.estimators import Enumeration, ScoreFunction
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(2, requires_grad=True)
        >>> for estimator in (Enumeration(), ScoreFunction()):
        ...     surrogate = estimator(Bernoulli(logits=a), lambda z: 3 * z, num_samples=20_000)
        ...     (g,) = torch.autograd.grad(surrogate.sum(), a)
        ...     print(bool(((g - 0.75).abs() < 0.1).all()))  # 3 p (1 - p) = 0.75
        True
        True

    Attributes:
        baseline: The baseline, in those that have one.
        frozen: While True, what was learned from past batches is read but not changed.
    """

    baseline: Baseline | None = None

    @abstractmethod
    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The surrogate, `[B]`."""

    def reset(self) -> None:
        """Forget what was learned from past batches; without state, do nothing."""
        if self.baseline is not None:
            self.baseline.reset()

    @property
    def frozen(self) -> bool:
        """That of the baseline; estimators without state are never frozen."""
        return self.baseline is not None and self.baseline.frozen

    @frozen.setter
    def frozen(self, value: bool) -> None:
        """Freeze the baseline, or let it learn again."""
        if self.baseline is not None:
            self.baseline.frozen = value


@dataclass(frozen=True)
class Entry:
    """One line of the registry `vilib.estimators.ALL`.

    Attributes:
        name: The key in the registry.
        factory: Builds the estimator; its keyword arguments are what the estimator needs.
        kind: Which variables it serves: "discrete", "continuous" or "both".
        unbiased: Whether E[gradient] = ∇ E_q[f] exactly.
        reference: Authors, year, title, link.
        min_samples: The fewest samples it can be called with.
        only: The families of distributions it is made for, if not all of its kind.
        needs: What q must be able to do: enumerate its support, or draw by `rsample`.
        relaxes: Whether f is also called at values that z never takes, such as .3 for a bit.
        bound: What is estimated: "mean" for E_q[f(z)]; "iwae" for E[log 1/S ∑ₛ exp f(zₛ)], where
            f returns log weights log p(x, z) - log q(z).
        note: Why it is biased, if it is.

    Example:
        >>> from vilib.estimators import ALL
        >>> entry = ALL["score_function_leave_one_out"]
        >>> entry.kind, entry.unbiased, entry.min_samples
        ('both', True, 2)
    """

    name: str
    factory: Callable[..., Estimator]
    kind: Literal["discrete", "continuous", "both"]
    unbiased: bool
    reference: str
    min_samples: int = 1
    only: tuple[type[Distribution], ...] = ()
    needs: Literal["", "support", "rsample"] = ""
    relaxes: bool = False
    bound: Literal["mean", "iwae"] = "mean"
    note: str = ""

    def make(self, **needs: object) -> Estimator:
        """A new estimator, built with those of `needs` that its factory takes.

        Raises:
            ValueError: Something that the factory cannot do without is not among `needs`.

        Example: one set of needs serves all entries.
            >>> import torch
            >>> from vilib.estimators import ALL
            >>> network = torch.nn.Linear(3, 1)
            >>> zoo = [e.make(network=network, value=2.0) for e in ALL.values()]
        """
        takes = inspect.signature(self.factory).parameters
        missing = [n for n, p in takes.items() if p.default is p.empty and n not in needs]
        if missing:
            raise ValueError(f"{self.name} needs {', '.join(missing)}")
        return self.factory(**{n: needs[n] for n in takes if n in needs})

    def accepts(self, q: Distribution) -> bool:
        """Whether the estimator serves this distribution.

        Example:
            >>> from torch.distributions import Normal
            >>> from vilib.estimators import ALL
            >>> [n for n in ("enumeration", "pathwise", "vimco") if ALL[n].accepts(Normal(0, 1))]
            ['pathwise', 'vimco']
        """
        base = innermost(q)
        if self.only and not isinstance(base, self.only):
            return False
        able = {"": True, "support": base.has_enumerate_support, "rsample": base.has_rsample}
        if not able[self.needs]:
            return False
        return self.kind in ("both", "discrete" if base.support.is_discrete else "continuous")


def evaluate(q: Distribution, f: Callable[[Tensor], Tensor], z: Tensor) -> Tensor:
    """f(z) `[S, B]`, after a check that it is one value per sample and datapoint.

    Raises:
        ValueError: There is no sample, or f returned another shape.
    """
    if len(z) < 1:
        raise ValueError("num_samples must be at least 1")
    values = f(z)
    want = (z.shape[0], *q.batch_shape)
    if values.shape != want:
        raise ValueError(
            f"f must return one value per sample and datapoint, {list(want)}, "
            f"got {list(values.shape)}; event axes of q are declared with Independent"
        )
    return values


def finite(reward: Tensor) -> Tensor:
    """The same, with the largest numbers there are in the place of infinities.

    A surrogate adds reward · (log q - log q), which has a gradient and the value 0, but ∞ · 0 is
    NaN. So where f is infinite the value of the surrogate stays so, and its gradient is huge.
    """
    most = torch.finfo(reward.dtype).max
    return reward.clamp(-most, most)
