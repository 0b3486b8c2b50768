"""RELAX: unbiased with any network, trained after use, and what happens when it is not."""

import copy

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Independent, OneHotCategorical

from tests.estimators.forced_noise import by_quadrature
from tests.estimators.measure import assert_unbiased, estimates
from tests.estimators.problems import categorical_vae, ladder, vae
from tests.estimators.relaxed_problems import steps
from vilib.estimators import ALL, Rebar, Relax, ScoreFunction
from vilib.estimators.relaxed_control import RelaxedControl


def some_network(size, spread=1.0):
    """A network that is not silent."""
    network = nn.Sequential(nn.Linear(size, 8), nn.Tanh(), nn.Linear(8, 1))
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=spread)
    return network


def frozen(estimator):
    estimator = copy.deepcopy(estimator)
    estimator.frozen = True
    return estimator


# --- the mean


@pytest.mark.parametrize("through_f", [True, False])
@pytest.mark.parametrize("family", ["bernoulli", "bernoulli_at_0"])
def test_the_mean_is_exact_with_any_network(family, through_f):
    problem = ladder(family, "nonlinear")
    estimator = Relax(0.8, 0.6, some_network(1), through_f=through_f)
    gap = by_quadrature(frozen(estimator), problem).mean - problem.gradient().double()
    assert gap.abs().max() < (1e-7 if problem.leaves[0].dtype == torch.double else 1e-4)


@pytest.mark.parametrize("problem", [vae, categorical_vae, lambda: ladder("one_hot", "nonlinear")])
@pytest.mark.parametrize("through_f", [True, False])
def test_sampled_gradient_is_exact_after_training(problem, through_f):
    estimator, problem = Relax(through_f=through_f, learning_rate=0.05), problem()
    for _ in range(30):
        estimates(estimator, problem, 1, 64)
    assert_unbiased(frozen(estimator), problem, 2)


def test_a_black_box_needs_no_derivative():
    problem = steps(ladder("four", "linear"))
    estimator = Relax(through_f=False, learning_rate=0.05)
    for _ in range(200):
        estimates(estimator, problem, 1, 64)
    assert_unbiased(frozen(estimator), problem, 1)
    plain, learned = (
        estimates(e, problem, 1, 50_000).var(0).sum() for e in (ScoreFunction(), frozen(estimator))
    )
    assert learned < 0.7 * plain


# --- the wrong versions


class TrainedBeforeUse(Relax):
    """A new network learns the very sample whose reward it then corrects."""

    def gradient(self, q, f, relaxation, noise, z, values):
        self.reset()
        other = relaxation.noise(len(z))
        relaxation.noise = lambda num_samples: other
        for _ in range(10):
            self.learn(super().gradient(q, f, relaxation, noise, z, values))
        return super().gradient(q, f, relaxation, noise, z, values)


class NotReparameterised(Relax):
    """The control variate is subtracted, and its own gradient is not put back."""

    def gradient(self, q, f, relaxation, noise, z, values):
        s = relaxation.given(z, relaxation.logits, relaxation.noise(len(z)))
        c = self.control(q, f, relaxation.soft(s, self.temperature)).detach()
        reward = (values - c).reshape(*values.shape, *(1,) * len(q.event_shape))
        return (reward * (z - relaxation.mean(relaxation.logits))).detach()


def test_a_control_that_is_not_reparameterised_is_biased():
    problem = ladder("four", "weighted")
    network = some_network(4, 0.5)
    right, wrong = (kind(residual=network) for kind in (Relax, NotReparameterised))
    right.frozen = wrong.frozen = True
    assert_unbiased(right, problem, 1)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_unbiased(wrong, problem, 1)


def bias_of_one_call(estimator, calls=200):
    """Largest |mean - exact| in standard errors, every call a single datapoint."""
    problem = ladder("pair", "weighted")
    g = torch.cat([estimates(estimator, problem, 1, copies=1) for _ in range(calls)])
    return ((g.mean(0) - problem.gradient().double()) / (g.std(0) / calls**0.5)).abs().max()


def test_training_before_use_is_biased():
    # with one datapoint a call, a network that goes first learns the very reward it corrects
    hot = {"through_f": False, "learning_rate": 0.1, "hidden": 8}
    assert bias_of_one_call(Relax(**hot)) < 5
    assert bias_of_one_call(TrainedBeforeUse(**hot)) > 5


# --- the network


def test_at_first_it_is_rebar():
    problem = ladder("one_hot_pair", "nonlinear")
    found = []
    for estimator in (Relax(0.7, 0.9), Rebar(0.7, 0.9)):
        torch.manual_seed(1)
        found.append(estimates(estimator, problem, 2, 30))
    assert torch.allclose(*found, atol=1e-6)


def test_the_network_is_built_from_the_event_and_the_seed():
    q = Independent(OneHotCategorical(logits=torch.zeros(5, 2, 3, requires_grad=True)), 1)
    estimator, first = Relax(hidden=7), []
    assert estimator.residual is None
    for _ in range(2):
        torch.manual_seed(1)
        estimator(q, lambda z: z[..., 0].sum(-1) ** 2)
        first.append(estimator.residual[0].weight.clone())
        assert first[-1].shape == (7, 6)
        estimator.reset()
        assert estimator.residual is None
    assert torch.equal(*first)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(), (5,), (5, 3), (5, 3, 2)])
def test_any_event(shape, dtype):
    a = torch.zeros(shape, dtype=dtype, requires_grad=True)
    q = Independent(Bernoulli(logits=a), max(len(shape) - 1, 0))
    event = list(range(-len(q.event_shape), 0))
    estimator = Relax()
    for _ in range(3):
        surrogate = estimator(q, lambda z: ((z - 0.3) ** 2).sum(event) if event else z**2, 4)
        assert surrogate.shape == q.batch_shape
        assert surrogate.dtype == dtype
    (g,) = torch.autograd.grad(surrogate.sum(), a)
    assert g.shape == shape
    assert estimator.residual[0].weight.dtype == dtype


def test_a_network_of_one_s_own():
    network = some_network(2)
    start = copy.deepcopy(network.state_dict())
    estimator = Relax(residual=network)
    problem = ladder("pair", "weighted")
    estimates(estimator, problem, 1, 10)
    assert estimator.residual is network
    assert not torch.equal(network[0].weight, start["0.weight"])
    estimator.reset()
    assert all(torch.equal(value, start[key]) for key, value in network.state_dict().items())
    with pytest.raises(ValueError, match="must map"):
        estimates(Relax(residual=nn.Linear(2, 3)), problem, 1, 10)


# --- training


@pytest.mark.parametrize("through_f", [True, False])
def test_the_step_follows_the_slope_of_the_squares(through_f):
    """Against finite differences of the mean of g², for every parameter, under the same noise."""
    torch.manual_seed(2)
    network = some_network(2, 0.5).double()
    a = torch.tensor([[0.3, -1.0]], dtype=torch.double).repeat(20, 1).requires_grad_()
    q = Independent(Bernoulli(logits=a), 1)

    def call(change=None):
        estimator = Relax(0.7, 0.9, copy.deepcopy(network), through_f=through_f)
        estimator.log_temperature = estimator.log_temperature.detach().double().requires_grad_()
        if change is not None:
            i, h = change
            with torch.no_grad():
                estimator.learned()[i].view(-1)[0] += h
        torch.manual_seed(1)
        estimator(q, lambda z: (z.sum(-1) - 0.3) ** 3, 2)
        return estimator

    h = 1e-5
    estimator = call()
    for i, parameter in enumerate(estimator.learned()):
        up, down = (call((i, x)).loss.item() for x in (h, -h))
        expected = (up - down) / (2 * h)
        # Adam's first mean is .1 times the slope
        slope = 10 * estimator.optimiser.state[parameter]["exp_avg"].view(-1)[0].item()
        assert slope == pytest.approx(expected, rel=1e-2, abs=1e-6)


def test_training_beats_rebar_and_plain():
    problem = vae()
    relax, rebar = Relax(learning_rate=0.03), Rebar()
    for _ in range(400):
        estimates(relax, problem, 1, 100)
    plain, fixed, learned = (
        estimates(e, problem, 1, 50_000)[:, :12].var(0).sum()
        for e in (ScoreFunction(), rebar, frozen(relax))
    )
    assert learned < 0.9 * fixed
    assert learned < 0.5 * plain


def test_training_touches_nothing_else():
    a, w = torch.zeros(5, 2, requires_grad=True), torch.ones(2, requires_grad=True)
    estimator = Relax(residual=some_network(2))
    surrogate = estimator(Independent(Bernoulli(logits=a), 1), lambda z: (z @ w) ** 2)
    assert a.grad is None
    assert w.grad is None
    assert all(p.grad is None for p in estimator.learned())
    surrogate.sum().backward()
    assert all(p.grad is None for p in estimator.learned())


def test_frozen_and_without_gradient():
    problem = ladder("pair", "weighted")
    estimator = Relax(residual=some_network(2))
    start = [p.clone() for p in estimator.learned()]
    estimator.frozen = True
    estimates(estimator, problem, 1, 10)
    estimator.frozen = False
    q, f, _ = problem.build(10)
    with torch.no_grad():
        assert estimator(q, f).shape == (10,)
    assert all(torch.equal(p, s) for p, s in zip(estimator.learned(), start))
    assert estimator.optimiser is None
    estimates(estimator, problem, 1, 10)
    assert not any(torch.equal(p, s) for p, s in zip(estimator.learned()[:2], start))


def test_a_function_without_derivative_is_refused_inside_c():
    problem = steps(ladder("four", "linear"))
    for estimator in (Relax(), Rebar()):
        with pytest.raises(ValueError, match="through_f=False"):
            estimates(estimator, problem, 1, 5)


def test_a_control_variate_must_say_what_it_is():
    with pytest.raises(TypeError, match="abstract"):
        RelaxedControl()
    assert ALL["relax"].make(network=nn.Linear(1, 1), value=0.1).residual is None
