"""The distributions that climb the ladder, one entry each, and those that need not.

A new continuous or mixed distribution: append a `Case`. One for which the ladder is wrong: give
the reason, and the file that tests it instead, in `EXEMPT`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.distributions import Distribution, Exponential, LogNormal, Normal
from torch.nn.functional import normalize

from tests.distributions import points as rules
from vilib import distributions as d
from vilib.exact import Points

Parameter = float | tuple[float, ...]


@dataclass(frozen=True)
class Case:
    """A distribution, values for its parameters, and what the ladder must know of it.

    Attributes:
        name: Of the test.
        build: Parameters, each with the batch in front, to the distribution.
        parameters: For one datapoint, numbers or vectors.
        rule: Integrates what has density.
        atoms: Numbers that have mass.
        extremes: Parameters at which everything must be finite.
        invalid: Parameters that are refused.
        outside: A value outside the support, refused too.
        exempt: Rung → why it does not apply.
    """

    name: str
    build: Callable[..., Distribution]
    parameters: tuple[Parameter, ...]
    rule: Callable[[], Points]
    atoms: tuple[float, ...] = ()
    extremes: tuple[tuple[Parameter, ...], ...] = ()
    invalid: tuple[tuple[Parameter, ...], ...] = ()
    outside: Parameter = 1.5
    exempt: dict[str, str] = field(default_factory=dict)

    def leaves(self, *batch: int, dtype: torch.dtype | None = None) -> list[Tensor]:
        """The parameters as tensors that require a gradient, repeated over a batch."""
        tensors = [torch.tensor(p, dtype=dtype) for p in self.parameters]
        return [t.expand((*batch, *t.shape)).clone().requires_grad_() for t in tensors]

    def q(self, *batch: int, dtype: torch.dtype | None = None) -> Distribution:
        """The distribution at its parameters."""
        return self.build(*self.leaves(*batch, dtype=dtype))

    def points(self) -> Points:
        """All that has mass or density."""
        return rules.mixed(self.rule(), *self.atoms) if self.atoms else self.rule()


def concrete(τ: Tensor, α: Tensor) -> Distribution:
    return d.BinaryConcrete(τ, logits=α)


def hard_concrete(τ: Tensor, α: Tensor) -> Distribution:
    return d.HardConcrete(τ, logits=α)


def stretched(b: Tensor) -> Distribution:
    return d.Stretched(d.Kumaraswamy(torch.ones_like(b), b), -1.0, 2.0)


def two_sided(μ: Tensor, σ: Tensor) -> Distribution:
    return d.RectifiedGaussian(μ, σ, -1.0, 1.0)


def spike_normal(α: Tensor, μ: Tensor, σ: Tensor) -> Distribution:
    return d.SpikeAndSlab(Normal(μ, σ), logits=α)


def spike_exponential(p: Tensor, rate: Tensor) -> Distribution:
    return d.SpikeAndSlab(Exponential(rate), probs=p)


def spike_log_normal(p: Tensor, μ: Tensor) -> Distribution:
    return d.SpikeAndSlab(LogNormal(μ, torch.full_like(μ, 0.5)), probs=p)


def fisher(direction: Tensor, κ: Tensor) -> Distribution:
    return d.VonMisesFisher(normalize(direction, dim=-1), κ)


def everywhere(unused: Tensor) -> Distribution:
    """Uniform on the sphere; the batch shape is that of an unused parameter."""
    return d.HypersphericalUniform(3, unused.shape, dtype=unused.dtype, device=unused.device)


def on(low: float, high: float) -> Callable[[], Points]:
    return lambda: rules.interval(low, high)


SHAPES = ((0.02, 0.02), (1e-3, 1e-3), (1e3, 1e3), (1e3, 1e-3), (1e-3, 1e3))
HEATS = ((0.1, 40.0), (0.1, -40.0), (1e-3, 0.0), (1e3, 0.0), (10.0, 40.0))
PLACES = ((40.0, 1.0), (-40.0, 1.0), (1e4, 1e-3), (-1e4, 1e-3), (0.0, 1e6), (0.0, 1e-6))
GATES = ((40.0, 0.0, 1.0), (-40.0, 0.0, 1.0))
EAST, NORTH = (1.0, 0.0), (0.0, 0.0, 1.0)
NO_CDF = {"cdf": "vectors have no cdf"}
NO_MOMENTS = {"moments": "no closed form"}
NO_RSAMPLE = {"gradient": "what has mass jumps with the parameters: there is no rsample"}
ALONE = {"gradient": "there are no parameters"}

CASES = (
    Case("kumaraswamy", d.Kumaraswamy, (1.5, 0.8), rules.unit_interval, (), SHAPES, ((0.0, 1.0),)),
    Case("kumaraswamy_bathtub", d.Kumaraswamy, (0.6, 0.7), rules.unit_interval),
    Case(
        "binary_concrete", concrete, (0.7, 0.4), rules.unit_interval,
        extremes=HEATS, invalid=((-1.0, 0.0),), exempt=NO_MOMENTS,
    ),
    Case(
        "hard_concrete", hard_concrete, (0.66, -0.5), rules.unit_interval, atoms=(0, 1),
        extremes=HEATS, invalid=((0.0, 0.0),),
    ),
    Case(
        "hard_kumaraswamy", d.HardKumaraswamy, (0.7, 0.9), rules.unit_interval, atoms=(0, 1),
        extremes=SHAPES, invalid=((0.0, 1.0),),
    ),
    Case(
        "stretched", stretched, (1.3,), rules.unit_interval, atoms=(0, 1),
        extremes=((1e-3,), (1e3,)), invalid=((-1.0,),),
    ),
    Case(
        "rectified_gaussian", d.RectifiedGaussian, (0.3, 1.2), on(0, 15), atoms=(0,),
        extremes=PLACES, invalid=((0.0, 0.0),), outside=-0.5,
    ),
    Case(
        "rectified_gaussian_two_sided", two_sided, (0.2, 0.9), on(-1, 1), atoms=(-1, 1),
        extremes=PLACES, invalid=((0.0, -1.0),),
    ),
    Case(
        "spike_and_slab", spike_normal, (0.4, 0.5, 0.8), on(-12, 12), atoms=(0,),
        extremes=GATES, outside=math.nan, exempt=NO_RSAMPLE,
    ),
    Case(
        "spike_and_exponential", spike_exponential, (0.7, 1.5), on(0, 30), atoms=(0,),
        extremes=((1e-6, 1e3), (0.999, 1e-3)), invalid=((-0.1, 1.0), (1.1, 1.0)), outside=-0.5,
        exempt=NO_RSAMPLE,
    ),
    Case(
        "spike_and_log_normal", spike_log_normal, (0.7, -0.5), on(0, 40), atoms=(0,),
        outside=-0.5, exempt=NO_RSAMPLE,
    ),
    Case(
        "von_mises_fisher_2", fisher, ((0.6, 0.8), 4.0), rules.circle,
        extremes=((EAST, 0.0), (EAST, 1e-3), (EAST, 1e4)), outside=(1.0, 1.0), exempt=NO_CDF,
    ),
    Case(
        "von_mises_fisher_3", fisher, ((0.6, 0.8, -0.5), 4.0), rules.sphere,
        extremes=((NORTH, 1e-3), (NORTH, 1e4)), invalid=((NORTH, -1.0),), outside=(1.0, 1.0, 0.0),
        exempt=NO_CDF,
    ),
    Case(
        "hyperspherical_uniform", everywhere, (0.0,), rules.sphere,
        outside=(1.0, 1.0, 0.0), exempt=NO_CDF | ALONE,
    ),
    Case(
        "gaussian_sparsemax", d.GaussianSparsemax, ((0.3, -0.4, 0.1), (0.5, 0.8, 1.5)),
        rules.triangle, extremes=(((40.0, 0.0, -40.0), (1.0, 1.0, 1.0)),),
        invalid=(((0.0, 0.0, 0.0), (1.0, 0.0, 1.0)),), outside=(0.5, 0.6, 0.0),
        exempt=NO_CDF | NO_MOMENTS,
    ),
    Case(
        "mixed_dirichlet", d.MixedDirichlet, ((0.5, -1.0, 0.2), (3.0, 2.0, 1.0)), rules.triangle,
        extremes=(((40.0, 0.0, -40.0), (1.0, 1.0, 1.0)),),
        invalid=(((0.0, 0.0, 0.0), (1.0, 0.0, 1.0)),), outside=(0.5, 0.6, 0.0),
        exempt=NO_CDF | NO_RSAMPLE,
    ),
    Case(
        "bits", d.Bits, (0.3,), lambda: rules.atoms(0.0, 1.0), extremes=((1e-6,), (1 - 1e-6,)),
        invalid=((-0.1,),), outside=0.5, exempt=NO_RSAMPLE | {"cdf": "torch's Bernoulli has none"},
    ),
)  # fmt: skip

LISTED = "discrete, all values are listed instead in "
EXEMPT = {
    "Atoms": LISTED + "test_top_k_sparsemax.py",
    "SparseCategorical": LISTED + "test_sparse_categorical.py",
    "SparseOneHotCategorical": LISTED + "test_sparse_categorical.py",
    "TopKSparsemax": LISTED + "test_top_k_sparsemax.py",
}
