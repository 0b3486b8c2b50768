"""Mean-field inference in factorial HMMs: chains, or single states, made independent."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.structured.factorial import FactorialHMM
from vilib.structured.forward import forward
from vilib.structured.marginals import marginals

__all__ = ["MeanField", "mean_field", "structured_mean_field"]


class MeanField(NamedTuple):
    """Where coordinate ascent has come to.

    Attributes:
        marginals: q(zˡₜ = k), `[L, B, T, K]`; 0 on padding.
        elbo: After each sweep over all chains, `[num_sweeps, B]`, nats; it never falls.

    Example: three sweeps over two chains, one sequence of five positions.
        >>> from vilib.structured import EmissionTable, FactorialHMM
        >>> emission = EmissionTable(torch.zeros(1, 5, 3, 3))
        >>> model = FactorialHMM(torch.zeros(2, 3), torch.zeros(2, 3, 3), emission)
        >>> [x.shape for x in mean_field(model, 3)]
        [torch.Size([2, 1, 5, 3]), torch.Size([3, 1])]
    """

    marginals: Tensor
    elbo: Tensor


def structured_mean_field(
    model: FactorialHMM, num_sweeps: int = 20, start: Tensor | None = None
) -> MeanField:
    """q(z) = ∏ₗ qˡ(zˡ): the chains are independent, each keeps its own dependence in time.

    The best qˡ given the others is the posterior of an ordinary HMM whose emissions are the
    expected ones, so that each update is one run of forward-backward:

        hₜ(k) = E_q[log p(xₜ | z¹ₜ, …, zᴸₜ) | zˡₜ = k],   qˡ(zˡ) ∝ p(zˡ) exp ∑ₜ hₜ(zˡₜ).

    ELBO = E_q[log p(x | z)] - ∑ₗ KL(qˡ ‖ p(zˡ)), with -KL = log Zˡ - ∑ₜ E[hₜ(zˡₜ)]. A sweep costs
    T L K² and the expectations, instead of T L Kᴸ⁺¹.

    Args:
        model: L chains.
        num_sweeps: How often all chains are updated, in order.
        start: First marginals of the chains, `[L, B, T, K]`; uniform by default. Chains that are
            alike need a start that tells them apart.

    Returns:
        Marginals and the ELBO after each sweep; not differentiable.

    Source: Z. Ghahramani and M. I. Jordan, 1997, Factorial Hidden Markov Models,
        https://doi.org/10.1023/A:1007425814087 (section 3.5)

    Example: exact where the emission does not couple the chains.
        >>> from vilib.structured import EmissionTable, factorial_forward
        >>> _ = torch.manual_seed(1)
        >>> apart = torch.randn(1, 5, 3, 1) + torch.randn(1, 5, 1, 3)
        >>> model = FactorialHMM(torch.randn(2, 3), torch.randn(2, 3, 3), EmissionTable(apart))
        >>> gap = factorial_forward(model) - structured_mean_field(model, 1).elbo[-1]
        >>> bool(gap.abs() < 1e-4)
        True
    """
    elbos = []
    with torch.no_grad():
        q = first(model, start)
        L = len(q)
        minus_kl = [torch.zeros(())] * L
        for _ in range(num_sweeps):
            for l in range(L):  # noqa: E741
                h = model.emission.expected(q, l)
                chain = model.chain(l, h)
                q[l] = marginals(chain)
                mean = weighted(q[l], h)
                minus_kl[l] = forward(chain) - mean
            elbos.append(sum(minus_kl) + mean)
    return MeanField(q, torch.stack(elbos))


def mean_field(model: FactorialHMM, num_sweeps: int = 50, start: Tensor | None = None) -> MeanField:
    """q(z) = ∏ₗ ∏ₜ q(zˡₜ): every state of every chain is independent of all others.

    Each update is a softmax; λ collects what the neighbours in time and the other chains say:

        λₜ(k) = hₜ(k) + E_q[log p(zˡₜ = k | zˡₜ₋₁)] + E_q[log p(zˡₜ₊₁ | zˡₜ = k)],

    with h as in `structured_mean_field`. Given the odd positions the even ones do not depend on
    each other, so that half of a chain is updated at once. Cheaper, and never above the best
    structured bound: it also gives up the dependence in time.

    Args:
        model: L chains without forbidden states or steps.
        num_sweeps: How often all chains are updated, in order.
        start: First marginals, `[L, B, T, K]`; uniform by default.

    Returns:
        Marginals and the ELBO after each sweep; not differentiable.

    Raises:
        ValueError: A start or a step has log mass -inf. Independent states would take it, and their
            ELBO would be -inf; structured mean field can be used.

    Source: Z. Ghahramani and M. I. Jordan, 1997, Factorial Hidden Markov Models,
        https://doi.org/10.1023/A:1007425814087 (section 3.4)

    Example: a bound, below the structured one.
        >>> from vilib.structured import EmissionTable, factorial_forward
        >>> _ = torch.manual_seed(1)
        >>> emission = EmissionTable(torch.randn(1, 5, 3, 3))
        >>> model = FactorialHMM(torch.randn(2, 3), torch.randn(2, 3, 3), emission)
        >>> log_Z, bound = factorial_forward(model), mean_field(model).elbo[-1]
        >>> bool(bound < structured_mean_field(model).elbo[-1]), bool(bound < log_Z)
        (True, True)
    """
    if not (model.log_initial.isfinite().all() and model.log_transition.isfinite().all()):
        raise ValueError(
            "independent states need finite log_initial and log_transition; "
            "for chains with forbidden steps use structured_mean_field"
        )
    elbos = []
    with torch.no_grad():
        q = first(model, start)
        for _ in range(num_sweeps):
            for l in range(len(q)):  # noqa: E741
                h = model.emission.expected(q, l)
                for parity in (0, 1):
                    inside = q[l].sum(-1, keepdim=True)
                    new = inside * scores(model, q[l], l, h).softmax(-1)
                    q[l][:, parity::2] = new[:, parity::2]
            elbos.append(elbo(model, q))
    return MeanField(q, torch.stack(elbos))


def scores(model: FactorialHMM, q: Tensor, chain: int, h: Tensor) -> Tensor:
    """λ, the logits of each state of a chain given all others, `[B, T, K]`."""
    A = model.log_transition[chain]
    past, future = torch.empty_like(h), torch.zeros_like(h)
    past[:, 0] = model.log_initial[chain]
    past[:, 1:] = q[:, :-1] @ A
    # beyond the end q is 0, and says nothing
    future[:, :-1] = q[:, 1:] @ A.T
    return h + past + future


def elbo(model: FactorialHMM, q: Tensor) -> Tensor:
    """E_q[log p(x, z)] + H(q) of independent states, `[B]`."""
    total = weighted(q[0], model.emission.expected(q, 0))
    for start, A, own in zip(model.log_initial, model.log_transition, q):
        total = total + weighted(own[:, 0], start) + weighted(own[:, :-1] @ A, own[:, 1:])
        total = total - weighted(own, own.log())
    return total


def weighted(q: Tensor, values: Tensor) -> Tensor:
    """∑ q · values per sequence, `[B]`, with 0 · ∞ = 0."""
    return torch.where(q != 0, q * values, 0.0).flatten(1).sum(1)


def first(model: FactorialHMM, start: Tensor | None) -> Tensor:
    """The marginals to start from, `[L, B, T, K]`, 0 on padding."""
    B, T, L, K = model.emission.shape
    if start is None:
        start = model.log_initial.new_full((L, B, T, K), 1 / K)
    elif start.shape != (L, B, T, K):
        raise ValueError(f"start must be {[L, B, T, K]}, got {list(start.shape)}")
    mask = model.chain(0, start[0]).mask
    return torch.where(mask[..., None], start, 0.0)
