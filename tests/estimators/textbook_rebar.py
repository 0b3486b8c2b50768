"""REBAR a second time, as a surrogate written straight from the paper, and how to get it wrong."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Distribution

from tests.estimators.problems import Function
from vilib.estimators import Estimator
from vilib.estimators.relaxation import relaxation_of


class TextbookRebar(Estimator):
    """[f(b) - η f(s')] ∇ log q(b) + η ∇f(s) - η ∇f(s'), with ∇f along s and s' only."""

    def __init__(self, temperature: float = 0.5, scale: float = 1.0) -> None:
        self.temperature, self.scale = temperature, scale

    def relaxed(self, q: Distribution, S: int) -> tuple[Tensor, Tensor, Tensor]:
        """b, s and s'."""
        r = relaxation_of(q)
        z = r.logits + r.noise(S)
        b = r.hard(z)
        other = self.conditional(r, b, z)
        return b, r.soft(z, self.temperature), r.soft(other, self.temperature)

    def conditional(self, r, b, z):
        return r.given(b, r.logits, r.noise(len(b)))

    def coefficient(self, values, control):
        return values.detach() - self.scale * control.detach()

    def path(self, f: Function, s: Tensor) -> Tensor:
        """A term of value 0 whose gradient is ∇f along s, `[S, B]`."""
        leaf = s.detach().requires_grad_()
        (slope,) = torch.autograd.grad(f(leaf).sum(), leaf)
        term = slope * (s - s.detach())
        return term.reshape(*term.shape[:2], -1).sum(-1)

    def paths(self, f, s, other):
        return self.scale * (self.path(f, s) - self.path(f, other))

    def __call__(self, q: Distribution, f: Function, num_samples: int = 1) -> Tensor:
        b, s, other = self.relaxed(q, num_samples)
        values, control = f(b), f(other)
        score = self.coefficient(values, control) * q.log_prob(b)
        return (values + score - score.detach() + self.paths(f, s, other)).mean(0)


class NotDetached(TextbookRebar):
    """f(s') keeps its graph where it multiplies the score."""

    def coefficient(self, values, control):
        return values.detach() - self.scale * control


class PlusForMinus(TextbookRebar):
    """The last term has the wrong sign."""

    def paths(self, f, s, other):
        return self.scale * (self.path(f, s) + self.path(f, other))


class SameNoise(TextbookRebar):
    """s' is s: the noise that made b, not conditioned on it. The corrections cancel."""

    def conditional(self, r, b, z):
        return z


class FreshNoise(TextbookRebar):
    """s' is a relaxed sample of its own, not conditioned on b: right on average, and useless."""

    def conditional(self, r, b, z):
        return r.logits + r.noise(len(b))


class WrongSide(TextbookRebar):
    """s' is conditioned on the other bit."""

    def conditional(self, r, b, z):
        return r.given(1 - b, r.logits, r.noise(len(b)))


class LogitsDetached(TextbookRebar):
    """z given b is drawn from the right distribution, but not reparameterised."""

    def conditional(self, r, b, z):
        return r.given(b, r.logits.detach(), r.noise(len(b)))


BIASED = (NotDetached, PlusForMinus, SameNoise, WrongSide, LogitsDetached)
