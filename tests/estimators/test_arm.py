"""ARM, exactly: its mean and variance by integrating over the uniform numbers piece by piece."""

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, Normal

from tests.estimators.exact_moments import assert_close, by_pieces, forced_rand, heads, named
from tests.estimators.problems import ladder, vae
from vilib.estimators import Estimator, antithetic
from vilib.estimators.arm import ARM
from vilib.estimators.contract import innermost

PROBLEMS = ["bernoulli-nonlinear", "bernoulli_at_0-weighted", "pair-quadratic", "four-nonlinear"]


def assert_exact(estimator, problem, pairs=1):
    mean = by_pieces(estimator, problem, heads(problem), pairs).mean
    assert_close(mean, problem.gradient(), problem)


class OneUniformForAll(ARM):
    """The variables of a vector share one number, so that they are not independent."""

    def __call__(self, q, f, num_samples=1):
        a = innermost(q).logits
        u = antithetic.uniforms(num_samples, a)[..., :1].expand(num_samples // 2, *a.shape)
        z = antithetic.bits(u, a.sigmoid().detach())
        return antithetic.surrogate(f(z), (1 - 2 * u) * a)


class AnotherPositionsUniform(Estimator):
    """Each variable is credited with its neighbour's number."""

    def __call__(self, q, f, num_samples=1):
        a = innermost(q).logits
        u = antithetic.uniforms(num_samples, a)
        z = antithetic.bits(u, a.sigmoid().detach())
        return antithetic.surrogate(f(z), (1 - 2 * u.roll(1, -1)) * a)


class DirectTermOfOneSide(Estimator):
    """f's own parameters learn from b, and not from b̃."""

    def __call__(self, q, f, num_samples=1):
        return ARM()(q, lambda z: torch.cat([f(z[:1]), f(z[1:]).detach()]), num_samples)


@pytest.mark.parametrize("name", [*PROBLEMS, "vae"])
def test_the_mean_is_exact(name):
    assert_exact(ARM(), named(name))


def test_two_pairs_are_exact_and_halve_the_variance():
    problem = ladder("pair", "nonlinear")
    assert_exact(ARM(), problem, pairs=2)
    one, two = (by_pieces(ARM(), problem, heads(problem), n).variance for n in (1, 2))
    assert torch.allclose(two, one / 2, rtol=1e-4)


@pytest.mark.parametrize("mutant", [OneUniformForAll, AnotherPositionsUniform])
@pytest.mark.parametrize("name", ["pair-quadratic", "vae"])
def test_mutants_on_vectors(mutant, name):
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(mutant(), named(name))


def test_mutant_direct_term_of_one_side():
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(DirectTermOfOneSide(), vae())


@pytest.mark.parametrize("logit", [-3.0, -0.4, 0.0, 1.5])
def test_variance_of_one_bernoulli_in_closed_form(logit):
    # second moment 2 ∫₀ᵐ (½ - u)² du (f(1) - f(0))² with m = min(p, 1 - p)
    p = torch.tensor(logit).sigmoid()
    m = torch.minimum(p, 1 - p)
    second = 9 * 2 / 3 * (1 / 8 - (0.5 - m) ** 3)
    problem = one_bit(logit)
    variance = by_pieces(ARM(), problem, heads(problem)).variance
    assert torch.allclose(variance, (second - (3 * p * (1 - p)) ** 2).double(), rtol=1e-4)


def one_bit(logit):
    """f(z) = 3z and one logit."""
    problem = ladder("bernoulli", "linear", scale=3.0)
    return type(problem)("one bit", (torch.tensor(logit),), problem.make)


def test_one_sample_by_hand():
    a = torch.tensor([[0.0, 2.0, -2.0]], requires_grad=True)
    w = torch.tensor([1.0, 10.0, 100.0])
    with forced_rand(torch.tensor([[[0.2, 0.95, 0.05]]])):
        surrogate = ARM()(Independent(Bernoulli(logits=a), 1), lambda z: z @ w, 2)
    surrogate.backward()
    # σ(2) = .88: b = (1, 0, 1) and b̃ = (0, 1, 0)
    assert surrogate.item() == pytest.approx((101 + 10) / 2)
    gap = (101 - 10) / 2
    assert a.grad[0].tolist() == pytest.approx([gap * 0.6, gap * -0.9, gap * 0.9], rel=1e-5)


def test_extreme_logits_and_probabilities():
    a = torch.tensor([[-40.0, 40.0, 0.0]], requires_grad=True)
    ARM()(Independent(Bernoulli(logits=a), 1), lambda z: z.sum(-1), 200).sum().backward()
    assert torch.isfinite(a.grad).all()
    for p in (0.0, 1.0):
        q = Bernoulli(torch.full((1000,), p))
        for u in (0.0, 1 - torch.finfo(torch.get_default_dtype()).eps / 2):
            with forced_rand(torch.full((1, 1000), u)):
                assert torch.equal(ARM()(q, lambda z: z, 2), q.probs)


def test_what_cannot_be_served_is_refused():
    total = lambda z: z.sum(-1)  # noqa: E731
    for S in (1, 3, 0, -2):
        with pytest.raises(ValueError, match="come in pairs"):
            ARM()(Bernoulli(logits=torch.zeros(2)), lambda z: z, S)
    for q in (Categorical(logits=torch.zeros(2, 3)), Normal(torch.zeros(2), 1.0)):
        with pytest.raises(ValueError, match="needs a Bernoulli"):
            ARM()(q, total, 2)


def test_without_gradients_and_without_a_batch_axis():
    q = Independent(Bernoulli(logits=torch.zeros(3, 2)), 2)
    assert ARM()(q, lambda z: z.sum((-2, -1)), 4).shape == ()
    a = torch.zeros(5, requires_grad=True)
    with torch.no_grad():
        surrogate = ARM()(Bernoulli(logits=a), lambda z: z, 2)
    assert not surrogate.requires_grad
    assert torch.equal(surrogate, torch.full((5,), 0.5))
