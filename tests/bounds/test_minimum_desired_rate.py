"""The constraint on a problem whose optimum is known: rate and multiplier must reach it."""

import functools
import math

import pytest
import torch
from torch.distributions import Normal
from torch.optim import SGD, Adam

from tests.bounds.problems import agree
from vilib.bounds import MinimumDesiredRate, rate_distortion


class Scalar:
    """z ~ N(0, 1), x ~ N(w z, s²), one datapoint, q = N(μ, σ²), and ELBO in closed form."""

    w, s, x = 1.0, 2.0, 1.5

    def __init__(self):
        self.mean = torch.zeros((), requires_grad=True)
        self.log_scale = torch.zeros((), requires_grad=True)

    def terms(self):
        """Rate and distortion, without sampling."""
        m, v = self.mean, (2 * self.log_scale).exp()
        rate = (m**2 + v - 1) / 2 - self.log_scale
        squares = (self.x - self.w * m) ** 2 + self.w**2 * v
        distortion = squares / (2 * self.s**2) + math.log(self.s * (2 * math.pi) ** 0.5)
        return rate, distortion

    def rate_at(self, weight):
        """The rate of the q that is best when the KL is weighed by β: q ∝ p(z) p(x | z)^(1/β)."""
        precision = 1 + self.w**2 / (self.s**2 * weight)
        mean = self.w * self.x / (self.s**2 * weight) / precision
        return (mean**2 + 1 / precision - 1 + math.log(precision)) / 2

    def best_elbo(self, weight):
        """The ELBO of the q that is best when the KL is weighed by β."""
        precision = 1 + self.w**2 / (self.s**2 * weight)
        with torch.no_grad():
            self.mean.fill_(self.w * self.x / (self.s**2 * weight) / precision)
            self.log_scale.fill_(-math.log(precision) / 2)
            rate, distortion = self.terms()
        return -(rate + distortion).item()

    def optimum(self, target):
        """u at the constrained optimum: β = 1 - u is where the rate is the target; by bisection."""
        low, high = 1e-6, 1.0  # the rate falls with β
        if self.rate_at(high) >= target:
            return 0.0
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if self.rate_at(middle) > target else (low, middle)
        return 1 - low


def train(model, constraint, steps=4000):
    """Gradient descent on -ELBO + u (r - R), and the multiplier's own steps."""
    optimiser = torch.optim.SGD([model.mean, model.log_scale], lr=0.05)
    for _ in range(steps):
        rate, distortion = model.terms()
        optimiser.zero_grad()
        (rate + distortion + constraint.penalty(rate[None])).backward()
        optimiser.step()
        constraint.step(rate.detach()[None])
    return model.terms()[0].item()


def test_the_toys_closed_form():
    model = Scalar()
    terms = rate_distortion(
        Normal(model.mean[None], model.log_scale.exp()),
        lambda z: Normal(model.w * z, model.s).log_prob(torch.tensor(model.x)),
        Normal(torch.zeros(1), 1.0),
        num_samples=200_000,
    )
    rate, distortion = model.terms()
    agree(terms.rate[0], rate)
    # one sample of the squared error has a standard deviation below 1
    assert abs(terms.distortion[0] - distortion) < 5 / 200_000**0.5


@pytest.mark.parametrize("optimiser", [SGD, functools.partial(SGD, momentum=0.5)])
def test_reaches_the_rate_and_its_price(optimiser):
    model, constraint = Scalar(), MinimumDesiredRate(0.8, 0.02, optimiser)
    truth = model.optimum(0.8)
    assert 0.5 < truth < 0.95, "the target should be far above the rate at rest"
    assert abs(train(model, constraint) - 0.8) < 1e-4
    assert abs(constraint.multiplier.item() - truth) < 1e-4


def test_the_multiplier_is_the_price_of_a_nat():
    # -dELBO/dr along the constrained optimum, by a central difference
    model = Scalar()
    above, below = (model.best_elbo(1 - model.optimum(r)) for r in (0.81, 0.79))
    assert abs((below - above) / 0.02 - model.optimum(0.8)) < 1e-3


def test_without_need_it_costs_nothing():
    model, constraint = Scalar(), MinimumDesiredRate(0.05, learning_rate=0.05)
    assert model.optimum(0.05) == 0
    assert abs(train(model, constraint) - model.rate_at(1.0)) < 1e-4
    assert constraint.multiplier == 0


def test_one_step_by_hand():
    constraint = MinimumDesiredRate(3.0, learning_rate=0.5)
    rate = torch.tensor([1.0, 2.0], requires_grad=True)
    assert constraint.penalty(rate) == 0
    constraint.step(rate)  # u = .5 (3 - 1.5)
    agree(constraint.penalty(rate), torch.tensor(0.75 * 1.5))
    agree(torch.autograd.grad(constraint.penalty(rate), rate)[0], torch.full((2,), -0.375))
    constraint.step(torch.tensor([9.0]))
    assert constraint.multiplier == 0, "never below 0"


def test_reset_and_checkpoint():
    make = lambda: MinimumDesiredRate(2.0, 0.1, Adam)  # noqa: E731
    one, other = make(), make()
    rates = [torch.tensor([r]) for r in (1.0, 1.5, 0.3, 1.9)]
    for rate in rates[:2]:
        one.step(rate)
    state = one.state_dict()
    other.load_state_dict(state)
    for rate in rates[2:]:
        one.step(rate)
        other.step(rate)
    assert one.multiplier == other.multiplier > 0
    # a state that is kept in memory stays what it was
    other.load_state_dict(state)
    for rate in rates[2:]:
        other.step(rate)
    assert one.multiplier == other.multiplier
    one.reset()
    assert one.multiplier == 0
    assert not one.optimiser.state_dict()["state"]


def test_refusal():
    with pytest.raises(ValueError, match="0 or more"):
        MinimumDesiredRate(-1.0)
