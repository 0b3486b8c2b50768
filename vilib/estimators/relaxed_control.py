"""The score function with a control variate on relaxed samples: what REBAR and RELAX share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate
from vilib.estimators.own_step import own_step
from vilib.estimators.relaxation import Relaxation, relaxation_of

__all__ = ["RelaxedControl"]

FLAT = "f must be differentiable in z between its values; Relax(through_f=False) does without"


class RelaxedControl(Estimator):
    """A control variate c(s; φ) on relaxed samples s: it knows z well, and its mean is known.

    Approximates: ∇ E_q[f(z)].

    With: 1/S ∑ₛ (f(z) - c(s')) ∇ log q(z) + ∇c(s) - ∇c(s') + ∇f(z), where z = hard(y) and
    s = soft(y, τ) for y = a + ε, a the logits of q, and s' = soft(y', τ) for y' ~ p(y | z), drawn
    with noise of its own. ∇c(s) and ∇c(s') are derivatives along s and s'. What else c depends on,
    such as a decoder, is left alone there: s and s' have the same distribution, so that its terms
    would cancel on average.

    Training: φ descends on the mean of g², g the estimate per sample and logit. Because E[g] does
    not depend on φ, this is descent on the variance. The step comes after the estimate: a φ that
    had seen the present sample would bias it.

    Requires: q a Bernoulli or OneHotCategorical, or `Independent` of it; c differentiable in s.

    Args:
        temperature: τ at the start.
        scale: η at the start, a factor of f inside c.
        trained: Whether φ is trained at all.
        learning_rate: Of Adam, one step a call.

    Attributes:
        frozen: While True, φ is read but not trained.
        log_temperature: log τ, `[]`, in φ.
        scale: η, `[]`, in φ.
        optimiser: Adam on φ, or None before the first step.
        loss: The last mean of g² over samples, datapoints and logits, `[]`, or None.

    Raises:
        ValueError: q cannot be relaxed, τ is not positive, f does not return `[S, B]`, or f is
            needed between the values of z and has no gradient there.

    Source: G. Tucker, A. Mnih, C. J. Maddison, J. Lawson and J. Sohl-Dickstein, 2017, REBAR,
        https://arxiv.org/abs/1703.07370; W. Grathwohl, D. Choi, Y. Wu, G. Roeder and D. Duvenaud,
        2018, Backpropagation through the Void, https://arxiv.org/abs/1711.00123

    Example: any smooth c will do; this one needs no f.
        >>> from torch.distributions import Bernoulli
        >>> class Cubes(RelaxedControl):
        ...     def control(self, q, f, s):
        ...         return self.scale * s**3
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(10_000, requires_grad=True)
        >>> Cubes()(Bernoulli(logits=a), lambda z: (z > 0.5).float()).sum().backward()
        >>> bool(abs(a.grad.mean() - 0.25) < 0.01)  # p (1 - p)
        True
    """

    frozen: bool = False

    def __init__(
        self,
        temperature: float = 0.5,
        scale: float = 1.0,
        trained: bool = False,
        learning_rate: float = 1e-2,
    ) -> None:
        if not temperature > 0:
            raise ValueError(f"the temperature must be positive, got {temperature}")
        self.start = temperature, scale
        self.trained, self.learning_rate = trained, learning_rate
        self.reset()

    @abstractmethod
    def control(self, q: Distribution, f: Callable[[Tensor], Tensor], s: Tensor) -> Tensor:
        """c at relaxed samples s `[S, B, *event]`, as `[S, B]`, differentiable in s and in φ."""

    def relaxed_values(self, q: Distribution, f: Callable[[Tensor], Tensor], s: Tensor) -> Tensor:
        """f(s), `[S, B]`, after a check that it can be differentiated."""
        values = evaluate(q, f, s)
        if not values.requires_grad:
            raise ValueError(FLAT)
        return values

    @property
    def learns(self) -> bool:
        """Whether the next call trains φ."""
        return self.trained and not self.frozen

    def learned(self) -> list[Tensor]:
        """φ: all that is trained."""
        return [self.log_temperature, self.scale]

    @property
    def temperature(self) -> Tensor:
        """τ, `[]`, to look at; `log_temperature` is what is trained."""
        return self.log_temperature.detach().exp()

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at hard samples, `[B]`; then, if trained, one step of φ."""
        relaxation = relaxation_of(q).bounded()
        a, noise = relaxation.logits, relaxation.noise(num_samples)
        z = relaxation.hard(a + noise)
        values = evaluate(q, f, z)  # [S, B]
        if not (torch.is_grad_enabled() and a.requires_grad):
            return values.mean(0)
        g = self.gradient(q, f, relaxation, noise, z, values.detach())
        if self.learns:
            self.learn(g)
        # a - a is exactly 0: the second term has the gradient g and no value
        term = g.detach().mean(0) * (a - a.detach())
        if q.event_shape:
            term = term.flatten(len(q.batch_shape)).sum(-1)
        return values.mean(0) + term

    def gradient(
        self,
        q: Distribution,
        f: Callable[[Tensor], Tensor],
        relaxation: Relaxation,
        noise: Tensor,
        z: Tensor,
        values: Tensor,
    ) -> Tensor:
        """The estimate g per sample and logit, `[S, B, *event]`, differentiable in φ if trained."""
        # logits of their own for each sample, cut off from q's parameters
        a = relaxation.logits.detach().expand_as(z).requires_grad_()
        conditional = relaxation.given(z, a, relaxation.noise(len(z)))
        s = relaxation.soft(torch.cat([a + noise, conditional]), self.log_temperature.exp())
        c, c_given = self.control(q, f, s).chunk(2)  # [S, B] each
        (path,) = torch.autograd.grad(
            (c - c_given).sum(), a, create_graph=self.learns, allow_unused=True
        )
        if path is None:
            raise ValueError(FLAT)
        reward = values - (c_given if self.learns else c_given.detach())
        reward = reward.reshape(*reward.shape, *(1,) * len(q.event_shape))
        return reward * (z - relaxation.mean(a.detach())) + path

    def learn(self, g: Tensor) -> None:
        """One step of φ down the mean of g², which leaves all other parameters alone."""
        phi = self.learned()
        if self.optimiser is None:
            self.optimiser = torch.optim.Adam(phi, lr=self.learning_rate)
        loss = g.square().mean()
        own_step(self.optimiser, phi, loss)
        self.loss = loss.detach()

    def reset(self) -> None:
        """Back to the first τ and η and to a new optimiser."""
        temperature, scale = (torch.tensor(float(x)) for x in self.start)
        self.log_temperature = temperature.log().requires_grad_(self.trained)
        self.scale = scale.requires_grad_(self.trained)
        self.optimiser: torch.optim.Optimizer | None = None
        self.loss: Tensor | None = None
