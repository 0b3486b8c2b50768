"""What every layer of a flow promises: one pass gives the point and the log-determinant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.distributions import Transform, constraints

__all__ = ["Bijection", "Inverse"]


class Bijection(nn.Module, Transform, ABC):
    """An invertible map f of ℝᴰ that is a `Transform` and, for its parameters, an `nn.Module`.

    Densities change by log p(y) = log p(x) − log |det ∂y/∂x|, y = f(x). That last term is called
    ladj (log of the absolute determinant of the Jacobian), in nats. A ladj always belongs to the
    map that was applied: `call_and_ladj` gives that of f, `inverse_and_ladj` that of f⁻¹, and the
    two differ by their sign.

    Layers are called like all transforms, f(x), f.inv(y) and f.log_abs_det_jacobian(x, y), and go
    into a `ComposeTransform`. Nothing is cached: a cache would hand back values of old parameters,
    and cut the gradient in y.

    Args:
        dim: D.
        batch_shape: Batch shape of the parameters, `[]` if all datapoints share them.

    Example: the layer and its inverse, each with the determinant of its own.
        >>> import torch
        >>> from vilib.flows import Planar
        >>> f = Planar(u=torch.tensor([1.0, 0.0]), w=torch.tensor([1.0, 0.0]), b=torch.tensor(0.0))
        >>> y, ladj = f.call_and_ladj(torch.tensor([0.5, 0.0]))
        >>> x, ladj_inverse = f.inverse_and_ladj(y)
        >>> x, ladj, ladj_inverse
        (tensor([0.5000, 0.0000]), tensor(0.2202), tensor(-0.2202))
    """

    # nn.Module calls the initialiser of Transform, too
    call_super_init = True
    # Transform compares by identity but leaves its subclasses without a hash
    __hash__ = object.__hash__

    domain = constraints.real_vector
    codomain = constraints.real_vector
    bijective = True

    def __init__(self, dim: int, batch_shape: Sequence[int] = ()) -> None:
        super().__init__()
        if dim < 1:
            raise ValueError(f"dim must be at least 1, got {dim}")
        self.dim = dim
        self.batch_shape = torch.Size(batch_shape)

    @abstractmethod
    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """f(x) `[..., D]` and log |det ∂f(x)/∂x| `[...]`, of x `[..., D]`."""

    @abstractmethod
    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x = f⁻¹(y) `[..., D]` and log |det ∂x/∂y| `[...]`, of y `[..., D]`."""

    def given(self, context: Tensor) -> Bijection:
        """The map for these datapoints, `[B, C]`; the same one where no network sees a context."""
        return self

    @property
    def inv(self) -> Bijection:
        """f⁻¹, with the same parameters; f.inv.inv is f."""
        return Inverse(self) if self._inv is None else self._inv

    def forward(self, x: Tensor) -> Tensor:
        """f(x), `[..., D]`."""
        self.forward_shape(x.shape)
        return self.call_and_ladj(x)[0]

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """log |det ∂y/∂x| at x, `[...]`; y = f(x) is not needed."""
        return self.call_and_ladj(x)[1]

    def forward_shape(self, shape: Sequence[int]) -> torch.Size:
        """The shape of f(x) for x of this shape.

        Raises:
            ValueError: The last axis is not D, or the batch does not fit the parameters'.
        """
        if len(shape) == 0 or shape[-1] != self.dim:
            raise ValueError(f"the last axis must have D = {self.dim} entries, got {list(shape)}")
        try:
            batch = torch.broadcast_shapes(shape[:-1], self.batch_shape)
        except RuntimeError as error:
            have, want = list(shape[:-1]), list(self.batch_shape)
            raise ValueError(f"batch {have} does not fit the parameters' {want}") from error
        return torch.Size((*batch, self.dim))

    inverse_shape = forward_shape

    def extra_repr(self) -> str:
        """D and the batch shape, for printing."""
        return f"dim={self.dim}" + (f", batch={list(self.batch_shape)}" if self.batch_shape else "")

    def _inverse(self, y: Tensor) -> Tensor:
        self.inverse_shape(y.shape)
        return self.inverse_and_ladj(y)[0]


class Inverse(Bijection):
    """f⁻¹ as a layer of its own; what was the slow direction becomes the other one.

    Args:
        transform: f.

    Example:
        >>> from vilib.flows import MaskedAutoregressive
        >>> f = MaskedAutoregressive(dim=3)
        >>> f.inv.inv is f
        True
    """

    def __init__(self, transform: Bijection) -> None:
        super().__init__(transform.dim, transform.batch_shape)
        self.transform = transform
        # not by assignment: a layer that is its own layer's layer has no end
        vars(transform)["_inv"] = self

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """f⁻¹(x) and its log-determinant."""
        return self.transform.inverse_and_ladj(x)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """f(y) and its log-determinant."""
        return self.transform.call_and_ladj(y)

    def given(self, context: Tensor) -> Bijection:
        """f⁻¹ for these datapoints."""
        return Inverse(self.transform.given(context))

    @property
    def inv(self) -> Bijection:
        """f itself."""
        return self.transform
