"""SPIGOT: argmax on the way forward, a projected gradient step on the way back."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx
from torch.nn.functional import one_hot

from vilib.sparse.sparsemap import map_oracle, require_finite, sparsemap
from vilib.sparse.sparsemax import from_the_top, sparsemax

__all__ = ["spigot"]


def spigot(
    scores: Tensor,
    structures: Tensor | Callable[[Tensor], Tensor] | None = None,
    step: float = 1.0,
) -> Tensor:
    """ẑ = argmax_z scores·z, with ẑ - project(ẑ - step · ∇_ẑ) in place of the gradient 0.

    A step against the gradient of the loss leads from ẑ to a point that may be no structure and no
    mixture of any; the nearest mixture is taken as what ẑ should have been. The projection is on
    the probability simplex where z is one of K values (sparsemax), and on the marginal polytope,
    the convex hull of the structures, where z is a structure (SparseMAP). Without it, this would be
    the straight-through gradient `step · ∇_ẑ`.

    A surrogate, with a bias: 0 where the step ends in ẑ's own corner, and not linear in the loss.

    Args:
        scores: `[*batch, K]`, or `[*batch, D]` of the parts of structures. A category with score -∞
            is barred, from the projection too; those of parts must be finite.
        structures: None for one of K values; else all structures `[N, D]`, or a MAP oracle that
            maps scores `[D]` to the best structure `[D]`.
        step: η > 0, the length of the step. The gradient at `scores` grows with it.

    Returns:
        ẑ, of the shape and dtype of the scores: a one-hot vector, or a structure.

    Raises:
        ValueError: `step` is not positive, or the scores are such that `sparsemax`, or with
            structures `sparsemap`, would refuse them.

    Source: H. Peng, S. Thomson and N. A. Smith, 2018, Backpropagating through Structured Argmax
        using a SPIGOT, https://arxiv.org/abs/1805.04658

    Example: the loss falls towards the second value; the third is left where it is.
        >>> scores = torch.tensor([1.0, 0.5, 0.0], requires_grad=True)
        >>> z = spigot(scores)
        >>> (z * torch.tensor([0.0, -0.6, 0.0])).sum().backward()
        >>> z.detach(), scores.grad
        (tensor([1., 0., 0.]), tensor([ 0.3000, -0.3000,  0.0000]))
    """
    if step <= 0:
        raise ValueError(f"step must be positive, got {step}")
    if structures is None:
        from_the_top(scores.detach(), -1)  # refuses what has no argmax
        barred = scores == -torch.inf
        z = one_hot(scores.argmax(-1), scores.shape[-1]).to(scores)

        def project(x: Tensor) -> Tensor:
            return sparsemax(x.masked_fill(barred, -torch.inf))

    else:
        require_finite(scores)
        oracle, rows = map_oracle(structures), scores.detach().reshape(-1, scores.shape[-1])
        # rows[:0] is all there is of an empty batch
        z = torch.cat([rows[:0], *(oracle(row)[None] for row in rows)]).reshape(scores.shape)

        def project(x: Tensor) -> Tensor:
            return sparsemap(x, structures).marginals

    return PulledBack.apply(scores, z, project, step)


class PulledBack(torch.autograd.Function):
    """The argmax as given; backward, how far the projected step leads away from it."""

    @staticmethod
    def forward(
        ctx: FunctionCtx,
        scores: Tensor,
        z: Tensor,
        project: Callable[[Tensor], Tensor],
        step: float,
    ) -> Tensor:
        """The argmax z, whatever the scores."""
        ctx.save_for_backward(z)
        ctx.project, ctx.step = project, step
        return z.clone()

    @staticmethod
    def backward(ctx: FunctionCtx, gradient: Tensor) -> tuple[Tensor, None, None, None]:
        """ẑ - project(ẑ - step · gradient)."""
        (z,) = ctx.saved_tensors
        return z - ctx.project(z - ctx.step * gradient), None, None, None
