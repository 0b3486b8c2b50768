"""Sylvester layers: many planar layers at once."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.flows.parametrised import MIN_SLOPE, Parametrised
from vilib.flows.tanh_root import derivative, tanh_root

__all__ = ["Sylvester"]


class Sylvester(Parametrised):
    """A Sylvester layer, y = x + Q R tanh(R̃ Qᵀ x + b).

    Q `[D, M]` has orthonormal columns, R and R̃ `[M, M]` are upper triangular. By Sylvester's
    identity the determinant is one of M × M, and that one is triangular:

        log |det ∂y/∂x| = ∑ᵢ log(1 + h′ᵢ Rᵢᵢ R̃ᵢᵢ), h′ = 1 − tanh²(R̃ Qᵀ x + b).

    It is invertible if Rᵢᵢ R̃ᵢᵢ > −1, so both diagonals go through a tanh, times 0.999 for the sake
    of float32. Q is the first M columns of a product of H Householder reflections 1 − 2 v vᵀ / vᵀv;
    a zero v reflects nothing.

    The inverse: in the coordinates Qᵀy, the last of the M equations contains one unknown only, and
    each earlier one contains one more. They are solved from the last to the first.

    Args:
        reflections: The v, one per row, `[*batch, H, D]`.
        outer: R; what lies below the diagonal is not used, `[*batch, M, M]`.
        inner: R̃, likewise, `[*batch, M, M]`.
        b: `[*batch, M]`.

    Raises:
        ValueError: M > D.

    Source: R. van den Berg, L. Hasenclever, J. M. Tomczak and M. Welling, 2018, Sylvester
        Normalizing Flows for Variational Inference, https://arxiv.org/abs/1803.05649

    Example: M = D = 3 and H = 2 reflections.
        >>> import torch
        >>> _ = torch.manual_seed(1)
        >>> f = Sylvester.learnable(3, reflections=2)
        >>> x = torch.tensor([0.1, 0.2, 0.3])
        >>> f.inv(f(x))
        tensor([0.1000, 0.2000, 0.3000], grad_fn=...)
    """

    def __init__(self, reflections: Tensor, outer: Tensor, inner: Tensor, b: Tensor) -> None:
        D, M = reflections.shape[-1], b.shape[-1]
        if M > D:
            raise ValueError(f"at most D = {D} columns are orthogonal, got M = {M}")
        super().__init__(D, b.shape[:-1])
        self.reflections, self.outer, self.inner, self.b = reflections, outer, inner, b

    @classmethod
    def shapes(cls, dim: int, reflections: int = 4, width: int = 0) -> dict[str, tuple[int, ...]]:
        """H = `reflections`; M = `width`, or D if it is 0."""
        M = width or dim
        return {"reflections": (reflections, dim), "outer": (M, M), "inner": (M, M), "b": (M,)}

    @classmethod
    def initial(cls, dim: int, reflections: int = 4, width: int = 0) -> dict[str, Tensor]:
        """Random reflections, a small R."""
        scales = {"reflections": 1.0, "outer": 0.1, "inner": 1.0, "b": 0.1}
        shapes = cls.shapes(dim, reflections, width)
        return {name: scales[name] * torch.randn(shape) for name, shape in shapes.items()}

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and ∑ᵢ log(1 + h′ᵢ Rᵢᵢ R̃ᵢᵢ)."""
        Q, R, R_inner = self.matrices()
        t = (times(R_inner @ Q.mT, x) + self.b).tanh()  # [..., M]
        return x + times(Q @ R, t), self.log_det(R, R_inner, t)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and −∑ᵢ log(1 + h′ᵢ Rᵢᵢ R̃ᵢᵢ)."""
        Q, R, R_inner = self.matrices()
        t = self.solve(R, R_inner, times(Q.mT, y))
        return y - times(Q @ R, t), -self.log_det(R, R_inner, t)

    def solve(self, R: Tensor, R_inner: Tensor, v: Tensor) -> Tensor:
        """tanh(R̃ Qᵀ x + b) `[..., M]`, of v = Qᵀ y `[..., M]`, from the last row to the first.

        Let x̃ = Qᵀ x and t the tanh: x̃ = v − R t, and p = R̃ x̃ + b. Row i, with what is known from
        the rows below, reads pᵢ + Rᵢᵢ R̃ᵢᵢ tanh pᵢ = a number.
        """
        slope = slopes(R, R_inner)
        t, inside = [], []  # rows i + 1, …, M
        for i in reversed(range(v.shape[-1])):
            left = v[..., i] - dot(R[..., i, i + 1 :], t)
            target = self.b[..., i] + dot(R_inner[..., i, i + 1 :], inside)
            target = target + R_inner[..., i, i] * left
            t.insert(0, tanh_root(slope[..., i], target).tanh())
            inside.insert(0, left - R[..., i, i] * t[0])
        return torch.stack(t, -1)

    def log_det(self, R: Tensor, R_inner: Tensor, t: Tensor) -> Tensor:
        """∑ᵢ log(1 + h′ᵢ Rᵢᵢ R̃ᵢᵢ), `[...]`."""
        return derivative(slopes(R, R_inner), t).log().sum(-1)

    def matrices(self) -> tuple[Tensor, Tensor, Tensor]:
        """Q `[*batch, D, M]`, R and R̃ `[*batch, M, M]`."""
        Q = orthogonal(self.reflections)[..., : self.b.shape[-1]]
        return Q, triangular(self.outer), triangular(self.inner)


def orthogonal(reflections: Tensor) -> Tensor:
    """The product of the reflections 1 − 2 v vᵀ / vᵀv, `[..., H, D]` → `[..., D, D]`."""
    D = reflections.shape[-1]
    square = (reflections**2).sum(-1, keepdim=True)
    Q = torch.eye(D, dtype=reflections.dtype, device=reflections.device)
    for v, length in zip(reflections.unbind(-2), square.where(square > 0, 1).unbind(-2)):
        Q = Q - 2 * (Q @ v.unsqueeze(-1)) * (v / length).unsqueeze(-2)
    return Q.expand(*reflections.shape[:-2], D, D)


def triangular(matrix: Tensor) -> Tensor:
    """The upper triangle, its diagonal between −1 and 1."""
    diagonal = matrix.diagonal(dim1=-2, dim2=-1).tanh() * (1 - MIN_SLOPE)
    return matrix.triu(1) + diagonal.diag_embed()


def slopes(R: Tensor, R_inner: Tensor) -> Tensor:
    """1 + Rᵢᵢ R̃ᵢᵢ, `[*batch, M]`."""
    return 1 + R.diagonal(dim1=-2, dim2=-1) * R_inner.diagonal(dim1=-2, dim2=-1)


def times(matrix: Tensor, x: Tensor) -> Tensor:
    """The product of a matrix `[*batch, N, M]` with vectors `[..., M]`."""
    return (matrix @ x.unsqueeze(-1)).squeeze(-1)


def dot(row: Tensor, entries: list[Tensor]) -> Tensor | float:
    """∑ⱼ rowⱼ entriesⱼ, 0.0 of nothing."""
    return sum((row[..., j] * entry for j, entry in enumerate(entries)), 0.0)
