"""The truth that lessons, tests and graders compare with: enumeration and quadrature in float64.

Axes: N points, B batch. All sums run over `Points`: every value of a discrete variable
(`enumerate_support`), or the nodes of a Gauss-Legendre rule (`quadrature`). Nothing here samples.
More than 2**20 terms are refused with a ValueError that names the count.

Example: a fair coin z, and x given z with p(x|z=1) = .8, p(x|z=0) = .3.
    >>> import torch
    >>> from torch.distributions import Bernoulli
    >>> from vilib import exact
    >>> prior = Bernoulli(torch.tensor(0.5, dtype=torch.double))
    >>> likelihood = torch.tensor([0.3, 0.8], dtype=torch.double)
    >>> def log_joint(z):
    ...     return prior.log_prob(z) + likelihood[z.long()].log()
    >>> points = exact.enumerate_support(prior)
    >>> exact.log_evidence(log_joint, points).exp()
    tensor(0.5500, dtype=torch.float64)
    >>> exact.posterior(log_joint, points).exp()
    tensor([0.2727, 0.7273], dtype=torch.float64)
"""

from vilib.exact.enumeration import enumerate_support
from vilib.exact.evidence import log_evidence, posterior
from vilib.exact.expectation import elbo, expectation
from vilib.exact.gradient import gradient
from vilib.exact.iwae import iwae
from vilib.exact.points import MAX_TERMS, Points
from vilib.exact.quadrature import quadrature

__all__ = [
    "MAX_TERMS",
    "Points",
    "elbo",
    "enumerate_support",
    "expectation",
    "gradient",
    "iwae",
    "log_evidence",
    "posterior",
    "quadrature",
]
