"""Spike and slab over several slabs."""

import pytest
import torch
from torch.distributions import Beta, Gamma, MultivariateNormal, Normal, Poisson, Uniform

from tests.distributions import ladder, mutants
from tests.distributions import points as rules
from vilib.distributions import SpikeAndSlab
from vilib.estimators import ScoreFunction


@pytest.mark.parametrize(
    "slab", [Gamma(2.0, 1.0), Beta(2.0, 3.0), Uniform(1.0, 2.0), Normal(0.0, 1.0)]
)
def test_slabs_with_and_without_0_in_their_support(slab):
    q = SpikeAndSlab(slab, probs=0.25)
    z = torch.tensor([0.0, 0.0])
    ladder.assert_close(q.log_prob(z).exp(), torch.full((2,), 0.75))
    if not isinstance(slab, Beta):  # torch has no cdf of a Beta
        below = 0.5 if isinstance(slab, Normal) else 0.0
        assert q.cdf(torch.tensor(0.0)) == 0.75 + 0.25 * below
    assert slab._validate_args  # ours is a copy
    z = slab.sample((10,))
    ladder.assert_close(q.log_prob(z), slab.log_prob(z) + torch.tensor(0.25).log())


def test_a_variance_without_the_gate_is_found():
    points = rules.mixed(rules.interval(-12, 12), 0)
    slab = Normal(torch.tensor(0.5).double(), torch.tensor(0.8).double())
    ladder.assert_moments(SpikeAndSlab(slab, probs=0.6), points)
    with pytest.raises(AssertionError):
        ladder.assert_moments(mutants.NoGap(slab, probs=0.6), points)


@pytest.mark.parametrize("slab", [Poisson(1.0), MultivariateNormal(torch.zeros(2), torch.eye(2))])
def test_slabs_of_another_kind_are_refused(slab):
    with pytest.raises(ValueError, match="continuous distribution of numbers"):
        SpikeAndSlab(slab, probs=0.5)


@pytest.mark.parametrize("arguments", [{}, {"probs": 0.5, "logits": 0.0}])
def test_one_of_probs_and_logits(arguments):
    with pytest.raises(ValueError, match="not both"):
        SpikeAndSlab(Normal(0.0, 1.0), **arguments)


def test_shapes_broadcast():
    q = SpikeAndSlab(Normal(torch.zeros(3), 1.0), probs=torch.full((2, 1), 0.5))
    assert q.batch_shape == (2, 3)
    assert q.log_prob(q.sample((4,))).shape == (4, 2, 3)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_certain_gates(p):
    q = SpikeAndSlab(Normal(0.0, 1.0), probs=p)
    z = q.sample((100,))
    assert ((z == 0) == (p == 0)).all()
    assert not q.log_prob(z).isnan().any()


def test_score_function_differentiates_the_gate():
    """E[z²] = π (μ² + σ²): slope in the logit π (1 - π) (μ² + σ²)."""
    α = torch.full((40_000,), 0.4, requires_grad=True)
    q = SpikeAndSlab(Normal(torch.tensor(0.5), 0.8).expand(α.shape), logits=α)
    assert not q.has_rsample
    (g,) = torch.autograd.grad(ScoreFunction()(q, lambda z: z**2).sum(), α)
    π = torch.tensor(0.4).sigmoid()
    error = g.double().std() / len(g) ** 0.5
    assert abs(g.double().mean() - π * (1 - π) * (0.25 + 0.64)) < 5 * error
