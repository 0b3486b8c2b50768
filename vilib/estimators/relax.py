"""RELAX: a learned control variate of the score function."""

from __future__ import annotations

import copy
from collections.abc import Callable

from torch import Tensor, nn
from torch.distributions import Distribution

from vilib.estimators.relaxed_control import RelaxedControl

__all__ = ["Relax"]


class Relax(RelaxedControl):
    """REBAR with a small network r beside the relaxed f, all of it trained on the variance.

    Approximates: ∇ E_q[f(z)].

    With: 1/S ∑ₛ (f(z) - c(s')) ∇ log q(z) + ∇c(s) - ∇c(s') + ∇f(z), where c(s) = η f(s) + r(s), or
    c(s) = r(s) for an f that cannot be called between the values of z; z, s and s' as in REBAR.

    Requires: q a Bernoulli or OneHotCategorical, or `Independent` of it. If c contains f: f
    differentiable in z, also between the values of z, where it is called 2S times; distributions
    inside f are therefore built with validate_args=False.

    It is unbiased whatever c is. A new network answers 0, so that RELAX starts as REBAR.

    Args:
        temperature: τ at the start.
        scale: η at the start.
        residual: r, which maps `[..., event size]` to `[..., 1]` and shares no parameter with q or
            f; by default one hidden layer, built at the first call, under the caller's seed, from
            the event size of q.
        hidden: Units of that layer.
        through_f: Whether c contains f.
        learning_rate: Of Adam on log τ, η and r, one step a call.

    Attributes:
        residual: The network, or None before the first call.

    Raises:
        ValueError: q cannot be relaxed, τ is not positive, f does not return `[S, B]`, or the
            network not one value per sample and datapoint.

    Source: W. Grathwohl, D. Choi, Y. Wu, G. Roeder and D. Duvenaud, 2018, Backpropagation through
        the Void: Optimizing control variates for black-box gradient estimation,
        https://arxiv.org/abs/1711.00123

    Example: f is a black box; its gradient 1/8 is found all the same.
        >>> import torch
        >>> from torch.distributions import Bernoulli, Independent
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(10_000, 3, requires_grad=True)
        >>> q = Independent(Bernoulli(logits=a), 1)
        >>> estimator = Relax(through_f=False)
        >>> estimator(q, lambda z: (z.sum(-1) > 1).float()).sum().backward()
        >>> bool(((a.grad.mean(0) - 0.125).abs() < 0.02).all())
        True
        >>> estimator.residual
        Sequential(
          (0): Linear(in_features=3, out_features=16, bias=True)
          (1): Tanh()
          (2): Linear(in_features=16, out_features=1, bias=True)
        )
    """

    def __init__(
        self,
        temperature: float = 0.5,
        scale: float = 1.0,
        residual: nn.Module | None = None,
        hidden: int = 16,
        through_f: bool = True,
        learning_rate: float = 1e-2,
    ) -> None:
        self.hidden, self.through_f = hidden, through_f
        self.residual = residual
        self.weights = None if residual is None else copy.deepcopy(residual.state_dict())
        super().__init__(temperature, scale, trained=True, learning_rate=learning_rate)

    def learned(self) -> list[Tensor]:
        """log τ, η if c contains f, and the weights of r."""
        own = super().learned() if self.through_f else [self.log_temperature]
        return own if self.residual is None else [*own, *self.residual.parameters()]

    def control(self, q: Distribution, f: Callable[[Tensor], Tensor], s: Tensor) -> Tensor:
        """η f(s) + r(s) or r(s), `[S, B]`."""
        r = self.predict(s.flatten(1 + len(q.batch_shape)) if q.event_shape else s[..., None])
        return r + self.scale * self.relaxed_values(q, f, s) if self.through_f else r

    def predict(self, s: Tensor) -> Tensor:
        """r at samples in one row each, `[S, B, event size]`, as `[S, B]`."""
        if self.residual is None:
            self.residual = silent_network(s, self.hidden)
        r = self.residual(s)
        if r.shape != (*s.shape[:-1], 1):
            raise ValueError(
                f"the network must map {list(s.shape)} to {[*s.shape[:-1], 1]}, got {list(r.shape)}"
            )
        return r.squeeze(-1)

    def reset(self) -> None:
        """Back to the first τ, η and weights; a network of our own is forgotten."""
        super().reset()
        if self.weights is None:
            self.residual = None
        else:
            self.residual.load_state_dict(self.weights)


def silent_network(s: Tensor, hidden: int) -> nn.Sequential:
    """One hidden layer, made for rows like s, whose answer is 0 until it is trained."""
    like = {"device": s.device, "dtype": s.dtype}
    last = nn.Linear(hidden, 1, **like)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(s.shape[-1], hidden, **like), nn.Tanh(), last)
