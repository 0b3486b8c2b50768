"""Local expectation gradients: sum over one variable at a time, sample the others."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate, finite
from vilib.estimators.digits import from_digits, log_table, to_digits

__all__ = ["LocalExpectation"]


class LocalExpectation(Estimator):
    """Each variable's own parameters are served by a sum over that variable's values.

    Approximates: ∇ E_q[f(z)], q(z) = ∏ᵢ qᵢ(zᵢ).

    With: 1/S ∑ₛ [∇f(zₛ) + ∑ᵢ ∑_v ∇qᵢ(v) f(zₛ with zᵢ := v)], zₛ ~ q. As ∑_v ∇qᵢ(v) = 0, f(zₛ) is
    taken off f(zₛ with zᵢ := v): the value that zᵢ has drops out, and so does an offset of f.

    This is the score-function estimator's mean over zᵢ, given the other variables: its variance is
    never above, for parameters that only qᵢ has. With one variable there is none.

    Requires: discrete variables, independent under q. f is called twice: with the S samples, and
    without a gradient with their D (K - 1) S neighbours.

    Raises:
        ValueError: The support is not finite, or f does not return one value per sample.

    Source: M. K. Titsias and M. Lázaro-Gredilla, 2015, Local Expectation Gradients for Black Box
        Variational Inference, https://arxiv.org/abs/1503.01494

    Example: one sample of three bits, and the gradient of E[(z₁ + z₂ + z₃)] without any noise.
        >>> from torch.distributions import Bernoulli, Independent
        >>> a = torch.tensor([[0.0, 1.0, -1.0]], requires_grad=True)
        >>> surrogate = LocalExpectation()(Independent(Bernoulli(logits=a), 1), lambda z: z.sum(-1))
        >>> torch.autograd.grad(surrogate.sum(), a)[0]
        tensor([[0.2500, 0.1966, 0.1966]])
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at the samples, `[B]`, with the gradient above."""
        z = q.sample((num_samples,))
        values = evaluate(q, f, z)  # [S, B]
        p, digits = log_table(q).exp(), to_digits(q, z)  # [B, D, K], [S, B, D]
        D, K = p.shape[-2:]
        if K == 1:  # nothing else could have been drawn
            return values.mean(0)
        others = (digits[..., None] + torch.arange(1, K, device=z.device)) % K  # [S, B, D, K-1]
        with torch.no_grad():
            there = evaluate(q, f, from_digits(q, neighbours(digits, others)).flatten(0, 2))
        gain = there.unflatten(0, (D, K - 1, num_samples)) - finite(values.detach())
        gain = gain.movedim((0, 1), (-2, -1))  # [S, B, D, K-1]
        p = p.expand(num_samples, *p.shape).gather(-1, others)
        gain = finite(gain.where(p > 0, 0.0))  # 0 · ∞ = 0
        return (values + ((p - p.detach()) * gain).sum((-2, -1))).mean(0)


def neighbours(digits: Tensor, others: Tensor) -> Tensor:
    """All values that differ in one variable: `[S, B, D]`, `[S, B, D, K-1]` → `[D, K-1, S, B, D]`.

    Example: the sample (0, 2) of two variables with three values each.
        >>> digits = torch.tensor([[0, 2]])
        >>> neighbours(digits, (digits[..., None] + torch.tensor([1, 2])) % 3).squeeze(2).tolist()
        [[[1, 2], [2, 2]], [[0, 0], [0, 1]]]
    """
    D = digits.shape[-1]
    here = torch.eye(D, dtype=torch.bool, device=digits.device)
    here = here.reshape(D, *(1,) * digits.dim(), D)
    return torch.where(here, others.movedim(-1, 0), digits)
