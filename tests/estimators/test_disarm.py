"""DisARM, exactly: its mean and variance by integrating over the uniform numbers piece by piece."""

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent

from tests.estimators.exact_moments import (
    assert_close,
    by_pieces,
    forced_rand,
    grid,
    heads,
    named,
    per_copy,
    pieces,
)
from tests.estimators.measure import build, by_outcomes
from tests.estimators.problems import Problem, ladder, vae
from vilib.estimators import Estimator, antithetic
from vilib.estimators.arm import ARM
from vilib.estimators.contract import innermost
from vilib.estimators.disarm import DisARM

PROBLEMS = ["bernoulli-nonlinear", "bernoulli_at_0-weighted", "pair-quadratic", "four-nonlinear"]


def moments(estimator, problem, pairs=1):
    return by_pieces(estimator, problem, heads(problem), pairs)


def assert_exact(estimator, problem, pairs=1):
    assert_close(moments(estimator, problem, pairs).mean, problem.gradient(), problem)


class Weighted(Estimator):
    """DisARM with another weight on each logit."""

    def __init__(self, weight):
        self.weight = weight

    def __call__(self, q, f, num_samples=1):
        a = innermost(q).logits
        z = antithetic.bits(antithetic.uniforms(num_samples, a), a.detach().sigmoid())
        b, mirrored = z.chunk(2)
        return antithetic.surrogate(f(z), self.weight(b, mirrored, a.detach()) * a)


MUTANTS = {
    # a published one: its mean is about 0
    "no sign": lambda b, mirrored, a: (b != mirrored) * a.abs().sigmoid(),
    "logit without absolute value": lambda b, mirrored, a: (b - mirrored) * a.sigmoid(),
    "minus": lambda b, mirrored, a: (mirrored - b) * a.abs().sigmoid(),
    "no weight": lambda b, mirrored, a: b - mirrored,
    "score of b alone": lambda b, mirrored, a: b - a.sigmoid(),
}


@pytest.mark.parametrize("name", [*PROBLEMS, "vae"])
def test_the_mean_is_exact(name):
    assert_exact(DisARM(), named(name))


def test_two_pairs_are_exact_and_halve_the_variance():
    problem = ladder("pair", "nonlinear")
    assert_exact(DisARM(), problem, pairs=2)
    one, two = (moments(DisARM(), problem, n).variance for n in (1, 2))
    assert torch.allclose(two, one / 2, rtol=1e-4)


def test_the_right_weight_passes():
    assert_exact(Weighted(lambda b, mirrored, a: (b - mirrored) * a.abs().sigmoid()), vae())


@pytest.mark.parametrize("problem", ["pair-quadratic", "vae"])
@pytest.mark.parametrize("name", MUTANTS)
def test_mutants(name, problem):
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(Weighted(MUTANTS[name]), named(problem))


def test_without_the_sign_the_mean_is_nothing_like_the_gradient():
    problem = ladder("pair", "linear")
    mean = moments(Weighted(MUTANTS["no sign"]), problem).mean
    assert mean.norm() < 1e-4 * problem.gradient().norm()


def test_only_negative_logits_show_the_absolute_value():
    mutant = Weighted(MUTANTS["logit without absolute value"])
    assert_exact(mutant, one_bit(0.7))
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(mutant, one_bit(-0.7))


def one_bit(logit):
    """f(z) = 3z and one logit."""
    make = lambda a: (Bernoulli(logits=a), lambda z: 3 * z)  # noqa: E731
    return Problem("one bit", (torch.tensor(logit),), make)


@pytest.mark.parametrize("logit", [-3.0, -0.4, 0.0, 1.5])
def test_variance_of_one_bernoulli_in_closed_form(logit):
    # bits differ with probability 2m, m = min(p, 1 - p), and then give ± ½ · 3 (1 - m)
    p = torch.tensor(logit).sigmoid()
    m = torch.minimum(p, 1 - p)
    truth = 3 * p * (1 - p)
    problem = one_bit(logit)
    found = moments(DisARM(), problem).variance
    assert torch.allclose(found, (9 / 2 * m * (1 - m) ** 2 - truth**2).double(), atol=1e-6)
    # two independent bits differ with probability 2m (1 - m), and then give ± ½ · 3
    independent = by_outcomes(build("score_function_leave_one_out"), problem, 2).variance
    assert torch.allclose(independent, (9 / 2 * m * (1 - m) - truth**2).double(), atol=1e-6)
    assert (found < independent).all()


@pytest.mark.parametrize("logit", [-40.0, 40.0])
def test_far_out_the_mean_is_still_exact(logit):
    mean = moments(DisARM(), one_bit(logit)).mean
    truth = 3 * torch.tensor(-40.0, dtype=torch.double).exp()
    assert mean.item() == pytest.approx(truth.item(), rel=1e-4)


@pytest.mark.parametrize("name", [*PROBLEMS, "vae"])
def test_never_more_variance_than_arm(name):
    problem = named(name)
    ours, arm = (moments(e, problem).variance for e in (DisARM(), ARM()))
    assert (ours <= arm * (1 + 1e-5) + 1e-9).all()
    assert ours.sum() < 0.98 * arm.sum()


def test_it_is_what_arm_makes_of_the_bits_on_average():
    # E[ARM | b, b̃]: the mean over all uniform numbers with the same bits
    problem = ladder("four", "nonlinear")
    p = heads(problem)
    u, weights = grid([pieces(v) for v in p.tolist()])
    with forced_rand(u[None]):
        _, arm = per_copy(ARM(), problem, 2, len(u))
    with forced_rand(u[None]):
        _, ours = per_copy(DisARM(), problem, 2, len(u))
    u, weights = u.to(p), weights.to(p)[:, None]
    _, same = torch.cat([u < p, u >= 1 - p], 1).unique(dim=0, return_inverse=True)
    total = torch.zeros(same.max() + 1, 5, dtype=torch.double, device=p.device)
    total.index_add_(0, same, torch.cat([weights * arm, weights], 1))
    mean = total[:, :4] / total[:, 4:]
    used = weights[:, 0] > 0
    assert torch.allclose(mean[same][used], ours[used], atol=1e-5)


def test_less_variance_than_two_independent_samples_of_a_vae():
    independent = by_outcomes(build("score_function_leave_one_out"), vae(), 2).variance
    ours = moments(DisARM(), vae()).variance
    encoder = slice(0, 12)
    assert ours[encoder].sum() < 0.85 * independent[encoder].sum()
    # not a theorem: of the third latent variable's logit it has a little more
    assert (ours > independent)[encoder].any()


def test_one_sample_by_hand():
    a = torch.tensor([[0.0, 2.0, -2.0]], requires_grad=True)
    w = torch.tensor([1.0, 10.0, 100.0])
    with forced_rand(torch.tensor([[[0.2, 0.95, 0.5]]])):
        surrogate = DisARM()(Independent(Bernoulli(logits=a), 1), lambda z: z @ w, 2)
    surrogate.backward()
    # σ(2) = .88: b = (1, 0, 0) and b̃ = (0, 1, 0): the last two bits agree
    assert surrogate.item() == pytest.approx((1 + 10) / 2)
    gap = (1 - 10) / 2
    s = torch.tensor(2.0).sigmoid().item()
    assert a.grad[0].tolist() == pytest.approx([gap * 0.5, gap * -s, 0.0], rel=1e-5)


def test_f_is_called_once_with_all_samples():
    calls = []

    def f(z):
        calls.append(z)
        return z.sum(-1)

    q = Independent(Bernoulli(logits=torch.randn(3, 4)), 1)
    surrogate = DisARM()(q, f, 6)
    (z,) = calls
    assert z.shape == (6, 3, 4)
    assert torch.equal(surrogate, f(z).mean(0))


def test_extreme_logits_and_probabilities():
    a = torch.tensor([[-40.0, 40.0, 0.0]], requires_grad=True)
    DisARM()(Independent(Bernoulli(logits=a), 1), lambda z: z.sum(-1), 200).sum().backward()
    assert torch.isfinite(a.grad).all()
    p = torch.tensor([0.0, 1.0, 0.5], requires_grad=True)
    surrogate = DisARM()(Bernoulli(p), lambda z: 2 * z, 2)
    assert surrogate.tolist() == [0.0, 2.0, 1.0]
    surrogate.sum().backward()
    assert p.grad.tolist() == pytest.approx([0.0, 0.0, 2.0])


def test_what_cannot_be_served_is_refused():
    for S in (1, 3, 0):
        with pytest.raises(ValueError, match="come in pairs"):
            DisARM()(Bernoulli(logits=torch.zeros(2)), lambda z: z, S)
    with pytest.raises(ValueError, match="DisARMCategorical"):
        DisARM()(Categorical(logits=torch.zeros(2, 3)), lambda z: z, 2)


def test_one_bit_without_any_axis():
    a = torch.tensor(0.0, requires_grad=True)
    surrogate = DisARM()(Bernoulli(logits=a), lambda z: 3 * z, 4)
    assert surrogate.item() == 1.5
    surrogate.backward()
    assert a.grad.item() == pytest.approx(0.75)
    nobody = Independent(Bernoulli(logits=torch.zeros(0, 3)), 1)
    assert DisARM()(nobody, lambda z: z.sum(-1), 2).shape == (0,)


def test_without_gradients_and_with_a_matrix_of_bits():
    a = torch.randn(3, 2, requires_grad=True)
    q = Independent(Bernoulli(logits=a), 2)
    surrogate = DisARM()(q, lambda z: z.sum((-2, -1)) ** 2, 4)
    assert surrogate.shape == ()
    with torch.no_grad():
        assert not DisARM()(q, lambda z: z.sum((-2, -1)), 2).requires_grad
