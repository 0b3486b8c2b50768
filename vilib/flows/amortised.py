"""A chain of layers for each datapoint, from what an encoder returned."""

from __future__ import annotations

from torch import Tensor, nn

from vilib.flows.chain import Chain
from vilib.flows.parametrised import Parametrised

__all__ = ["Amortised"]


class Amortised(nn.Module):
    """A linear map from features of a datapoint to the parameters of its layers.

    One product of matrices gives the parameters of all layers, λ = W h + b. At the start W is
    small and b the parameters of a learnable layer, so that all datapoints begin near the identity.

    Args:
        features: Length of h.
        dim: D.
        family: `Planar`, `PlanarStack`, `Radial` or `Sylvester`.
        num_layers: How many of them.
        options: What the family takes beside `dim`, such as `reflections=4` for `Sylvester`, or
            `length=16` for `PlanarStack`, which counts as one layer.

    Source: D. J. Rezende and S. Mohamed, 2015, Variational Inference with Normalizing Flows,
        section 4.2, https://arxiv.org/abs/1505.05770

    Example: a posterior for each of 5 datapoints.
        >>> import torch
        >>> from torch.distributions import Normal
        >>> from vilib.flows import Flow, Planar
        >>> _ = torch.manual_seed(1)
        >>> flows = Amortised(features=20, dim=2, family=Planar, num_layers=4)
        >>> q = Flow(Normal(torch.zeros(5, 2), 1.0), flows(torch.randn(5, 20)))
        >>> q.batch_shape, q.event_shape, q.rsample((3,)).shape
        (torch.Size([5]), torch.Size([2]), torch.Size([3, 5, 2]))
    """

    def __init__(
        self,
        features: int,
        dim: int,
        family: type[Parametrised],
        num_layers: int = 1,
        **options: int,
    ) -> None:
        super().__init__()
        self.family, self.dim, self.options, self.num_layers = family, dim, options, num_layers
        self.linear = nn.Linear(features, num_layers * family.size(dim, **options))
        layers = [family.initial(dim, **options) for _ in range(num_layers)]
        names = family.shapes(dim, **options)  # in the order in which `unpack` takes them
        start = [layer[name] for layer in layers for name in names]
        nn.init.normal_(self.linear.weight, std=0.1 / features**0.5)
        self.linear.bias = nn.Parameter(nn.utils.parameters_to_vector(start))

    def forward(self, h: Tensor) -> Chain:
        """The layers of each datapoint, of features `[*batch, features]`."""
        vectors = self.linear(h).chunk(self.num_layers, -1)
        return Chain(self.family.unpack(v, self.dim, **self.options) for v in vectors)
