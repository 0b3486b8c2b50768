"""Normalising flows: invertible maps with parameters, and the densities that they bend.

A layer is a `Bijection`: a `torch.distributions.Transform` and an `nn.Module` in one, whose
`call_and_ladj` and `inverse_and_ladj` give the point and the log-determinant in one pass. A `Chain`
puts layers in a row, a `Flow` bends a base distribution with them.

| layer | quick for | parameters | paper |
|---|---|---|---|
| `Planar`, `PlanarStack` | drawing | own, or per datapoint | Rezende and Mohamed, 2015 |
| `Radial` | both | own, or per datapoint | Rezende and Mohamed, 2015 |
| `Sylvester` | drawing | own, or per datapoint | van den Berg et al., 2018 |
| `Coupling`, `CouplingStack` | both | a network, with context | Dinh et al., 2017 |
| `InverseAutoregressive` | drawing | a network, with context | Kingma et al., 2016 |
| `MaskedAutoregressive` | densities | a network, with context | Papamakarios et al., 2017 |
| `Permutation`, `Reverse` | both | none | |

"Drawing" means y = f(x) and the density of that y, "densities" means that of any given y. The other
direction is exact, too, but solves equations or runs its network D times. `Amortised` makes layers
whose parameters come from an encoder; a context goes into networks by `given`. Splines and
continuous flows are not here; zuko has them: https://github.com/probabilists/zuko

Example: a posterior that bends, q(z), and the density of its samples.
    >>> import torch
    >>> from torch.distributions import Normal
    >>> from vilib.flows import Flow, PlanarStack
    >>> _ = torch.manual_seed(1)
    >>> q = Flow(Normal(torch.zeros(2), 1.0), PlanarStack.learnable(2, length=16))
    >>> z, log_q = q.rsample_and_log_prob((1000,))
    >>> z.shape, log_q.shape
    (torch.Size([1000, 2]), torch.Size([1000]))
"""

from vilib.flows.amortised import Amortised
from vilib.flows.autoregressive import InverseAutoregressive, MaskedAutoregressive
from vilib.flows.bijection import Bijection, Inverse
from vilib.flows.chain import Chain
from vilib.flows.coupling import Coupling
from vilib.flows.coupling_stack import CouplingStack
from vilib.flows.flow import Flow
from vilib.flows.masked_network import MaskedLinear, MaskedNetwork
from vilib.flows.permutation import Permutation, Reverse
from vilib.flows.planar import Planar
from vilib.flows.planar_stack import PlanarStack
from vilib.flows.radial import Radial
from vilib.flows.standard_normal import StandardNormal
from vilib.flows.sylvester import Sylvester

__all__ = [
    "Amortised",
    "Bijection",
    "Chain",
    "Coupling",
    "CouplingStack",
    "Flow",
    "Inverse",
    "InverseAutoregressive",
    "MaskedAutoregressive",
    "MaskedLinear",
    "MaskedNetwork",
    "Permutation",
    "Planar",
    "PlanarStack",
    "Radial",
    "Reverse",
    "StandardNormal",
    "Sylvester",
]
