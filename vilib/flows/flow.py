"""A normalising flow: a simple distribution, bent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor
from torch.distributions import Distribution, TransformedDistribution

from vilib.flows.bijection import Bijection
from vilib.flows.chain import Chain

__all__ = ["Flow"]


class Flow(TransformedDistribution):
    """The distribution of y = f(x) for x ~ base, a `TransformedDistribution`.

        log q(y) = log base(x) − log |det ∂y/∂x|, x = f⁻¹(y).

    The parameters of f are those of `flow.transform`, an `nn.Module`. They may have a batch shape,
    one map per datapoint; the base is then expanded to it.

    `rsample_and_log_prob` goes through the layers once. `log_prob(y)` goes back through them,
    which for planar and Sylvester layers means solving equations, also if y has just been drawn.

    Args:
        base: A distribution over vectors `[D]`, or over numbers with D of them as its last batch
            axis.
        transforms: f, or the layers that it consists of.
        validate_args: As in all distributions.

    Source: E. G. Tabak and C. V. Turner, 2013, A Family of Nonparametric Density Estimation
        Algorithms, https://doi.org/10.1002/cpa.21423; D. J. Rezende and S. Mohamed, 2015,
        Variational Inference with Normalizing Flows, https://arxiv.org/abs/1505.05770

    Example: four planar layers in two dimensions.
        >>> import torch
        >>> from torch.distributions import Normal
        >>> from vilib.flows import Planar
        >>> _ = torch.manual_seed(1)
        >>> q = Flow(Normal(torch.zeros(2), 1.0), [Planar.learnable(2) for _ in range(4)])
        >>> z, log_q = q.rsample_and_log_prob((100,))
        >>> bool(torch.allclose(log_q, q.log_prob(z), atol=1e-4))
        True
        >>> sum(p.numel() for p in q.transform.parameters())
        20
    """

    def __init__(
        self,
        base: Distribution,
        transforms: Bijection | Iterable[Bijection],
        validate_args: bool | None = None,
    ) -> None:
        one = isinstance(transforms, Bijection)
        self.transform = transforms if one else Chain(transforms)
        super().__init__(base, self.transform, validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        """log q(y) in nats, `[..., D]` → `[...]`."""
        if self._validate_args:
            self._validate_sample(value)
        x, ladj = self.transform.inverse_and_ladj(value)
        return self.base_dist.log_prob(x) + ladj

    def rsample_and_log_prob(self, sample_shape: Sequence[int] = ()) -> tuple[Tensor, Tensor]:
        """A draw `[*sample, *batch, D]` and its log q `[*sample, *batch]`, in one pass."""
        x = self.base_dist.rsample(torch.Size(sample_shape))
        y, ladj = self.transform.call_and_ladj(x)
        return y, self.base_dist.log_prob(x) - ladj

    def expand(self, batch_shape: Sequence[int], _instance: Flow | None = None) -> Flow:
        """The same flow with a larger batch shape."""
        base = self.base_dist.expand(torch.Size(batch_shape))
        return Flow(base, self.transform, self._validate_args)
