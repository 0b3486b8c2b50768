"""The state of the baselines: past batches only, visible, resettable, apart from q and f."""

import copy

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Categorical, Independent

from tests.estimators.canaries import PresentMean, SameSample
from vilib.estimators import ScoreFunction
from vilib.estimators.baselines import (
    Argmax,
    Constant,
    LeaveOneOut,
    Network,
    RunningMean,
    RunningStandardise,
    SecondSample,
)

BATCHES = ([[1.0, 5.0]], [[-2.0, 4.0, 7.0, 0.5]], [[3.0], [8.0]], [[0.0, 0.0, 9.0]])


def feed(baseline, reward):
    """The baseline for one batch of rewards, and what it thinks the advantage is."""
    return baseline.advantage(None, None, None, reward)


def test_running_mean_by_hand():
    baseline, mean = RunningMean(decay=0.6), torch.tensor(0.0)
    for t, reward in enumerate(map(torch.tensor, BATCHES), start=1):
        assert torch.allclose(feed(baseline, reward), reward - mean)
        step = max(1 / t, 0.4)
        mean = (1 - step) * mean + step * reward.mean()
        assert torch.allclose(baseline.mean, mean)
        assert baseline.batches == t
    assert baseline.mean.shape == ()


def test_without_decay_it_is_the_plain_mean():
    rewards = torch.randn(20, 3, 4) * 5 + 100
    mean, both = RunningMean(decay=1.0), RunningStandardise(decay=1.0)
    for reward in rewards:
        feed(mean, reward)
        feed(both, reward)
    assert torch.allclose(mean.mean, rewards.mean())
    assert torch.allclose(both.mean, rewards.mean())
    assert torch.allclose(both.variance, rewards.var(correction=0))


def test_standard_deviation_survives_a_large_offset():
    # the difference of squares would lose all digits here in float32
    rewards = torch.randn(50, 100, generator=torch.Generator("cpu").manual_seed(1), device="cpu")
    baseline = RunningStandardise(decay=1.0)
    for reward in rewards.float():
        feed(baseline, reward[None] + 1e5)
    assert baseline.variance.sqrt() == pytest.approx(rewards.std().item(), rel=0.01)


def test_standardise_by_hand():
    baseline = RunningStandardise(decay=0.6)
    first, second = (torch.tensor(batch) for batch in BATCHES[:2])
    # before the first batch: mean 0, sd 1
    assert torch.equal(feed(baseline, first), first)
    assert (baseline.mean, baseline.variance) == (3.0, 4.0)
    assert torch.allclose(feed(baseline, second), (second - 3.0) / 2.0)
    m, s = second.mean(), (second**2).mean()
    mean, square = (3.0 + m) / 2, (4.0 + 9.0 + s) / 2
    assert torch.allclose(baseline.mean, mean)
    assert torch.allclose(baseline.variance, square - mean**2)


def test_small_rewards_are_not_blown_up():
    baseline = RunningStandardise()
    feed(baseline, torch.full((1, 8), 0.25))
    assert torch.allclose(feed(baseline, torch.full((1, 8), 0.5)), torch.full((1, 8), 0.25))


@pytest.mark.parametrize("kind", [RunningMean, RunningStandardise])
def test_frozen_and_reset(kind):
    baseline = kind()
    batches = [torch.tensor(batch) for batch in BATCHES]
    first = feed(baseline, batches[0])
    baseline.frozen = True
    state = baseline.mean.clone()
    assert torch.equal(feed(baseline, batches[1]), feed(baseline, batches[1]))
    assert torch.equal(baseline.mean, state)
    baseline.frozen = False
    ScoreFunction(baseline).reset()
    assert (baseline.mean, baseline.batches) == (0.0, 0)
    assert torch.equal(feed(baseline, batches[0]), first)
    for decay in (-0.1, 1.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            kind(decay)


def assert_apart(baseline):
    """Another f at the present sample leaves the sample's baseline as it was."""
    # 40 bits: the present sample is not the mode, and does not come a second time
    q = Independent(Bernoulli(logits=torch.linspace(-0.5, 0.5, 40)[None]), 1)
    z, values = q.sample((1,)), []
    for change in (0.0, 100.0):
        fresh = copy.deepcopy(baseline)
        f = lambda x, change=change: x.sum(-1) + change * (x == z[0]).all(-1)  # noqa: E731
        torch.manual_seed(1)
        values.append(fresh(q, f, z, f(z)).clone())
    assert torch.equal(*values), "the baseline has seen its sample"


@pytest.mark.parametrize(
    "baseline", [RunningMean(), RunningStandardise(), Constant(1.0), SecondSample(), Argmax()]
)
def test_the_present_sample_does_not_reach_its_baseline(baseline):
    assert_apart(baseline)


@pytest.mark.parametrize("baseline", [PresentMean(), SameSample()])
def test_a_baseline_that_sees_its_sample_is_caught(baseline):
    with pytest.raises(AssertionError, match="has seen its sample"):
        assert_apart(baseline)


def test_leave_one_out_by_hand():
    reward = torch.tensor([[1.0, 10.0], [2.0, 20.0], [6.0, 60.0]])
    b = LeaveOneOut()(None, None, None, reward)
    expected = torch.stack([reward[[1, 2]].mean(0), reward[[0, 2]].mean(0), reward[[0, 1]].mean(0)])
    assert torch.allclose(b, expected)


def test_argmax_at_a_tie_and_for_categories():
    seen = []

    def f(z):
        seen.append(z)
        return z.sum(-1) if z.dim() == 3 else z * 1.0

    q = Independent(Bernoulli(logits=torch.tensor([[-1.0, 0.0, 2.0]])), 1)
    assert torch.isfinite(Argmax()(q, f, q.sample((4,)), None)).all()
    assert seen[-1].tolist() == [[[0.0, 1.0, 1.0]]]
    q = Categorical(logits=torch.tensor([[0.0, 3.0, 1.0]]))
    Argmax()(q, f, q.sample((4,)), None)
    assert seen[-1].tolist() == [[1]]


@pytest.mark.parametrize("baseline", [Argmax(), SecondSample()])
def test_extra_evaluations_leave_no_graph(baseline):
    w = torch.tensor(2.0, requires_grad=True)
    q = Bernoulli(logits=torch.zeros(3, requires_grad=True))
    z = q.sample((2,))
    assert not baseline(q, lambda z: w * z, z, z).requires_grad


class TestNetwork:
    """The one baseline with parameters of its own."""

    def setup_method(self):
        torch.manual_seed(3)
        self.x = torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], requires_grad=True)
        self.a = torch.tensor([0.4, -0.2, 1.0], requires_grad=True)
        self.w = torch.tensor(1.5, requires_grad=True)
        self.network = nn.Linear(2, 1)
        self.baseline = Network(self.network, learning_rate=0.1)
        self.estimator = ScoreFunction(self.baseline)

    def call(self, seed=0):
        torch.manual_seed(seed)
        self.baseline.condition(self.x)
        return self.estimator(Bernoulli(logits=self.a), lambda z: self.w * (z + 2), 2)

    def test_prediction_comes_before_the_step(self):
        before = self.network(self.x).squeeze(-1).detach()
        (g,) = torch.autograd.grad(self.call().sum(), self.a)
        torch.manual_seed(0)
        z = Bernoulli(logits=self.a).sample((2,))
        advantage = self.w * (z + 2) - before
        assert torch.allclose(g, (advantage * (z - self.a.sigmoid())).mean(0))
        assert not torch.allclose(self.network(self.x).squeeze(-1), before)

    def test_no_gradient_crosses(self):
        surrogate = self.call()
        assert self.a.grad is None
        assert self.w.grad is None
        surrogate.sum().backward()
        # neither its own step nor the surrogate leaves anything there
        assert all(p.grad is None for p in self.network.parameters())
        assert self.x.grad is None
        # d/dw of the mean of w (z + 2), nothing from the baseline
        torch.manual_seed(0)
        z = Bernoulli(logits=self.a).sample((2,))
        assert torch.allclose(self.w.grad, (z + 2).mean(0).sum())

    def test_it_learns_the_mean_reward(self):
        for step in range(400):
            self.call(step)
        expected = (self.w * (self.a.sigmoid() + 2)).detach()
        assert torch.allclose(self.network(self.x).squeeze(-1), expected, atol=0.35)
        assert self.baseline.loss < 1.0

    def test_the_loss_is_squared_error(self):
        before = self.network(self.x).squeeze(-1).detach()
        self.call()
        torch.manual_seed(0)
        reward = (self.w * (Bernoulli(logits=self.a).sample((2,)) + 2)).detach()
        assert torch.allclose(self.baseline.loss, ((reward - before) ** 2).mean())

    def test_frozen_and_reset(self):
        start = [p.clone() for p in self.network.parameters()]
        self.baseline.frozen = True
        self.call()
        assert all(torch.equal(p, s) for p, s in zip(self.network.parameters(), start))
        self.baseline.frozen = False
        self.call()
        assert not all(torch.equal(p, s) for p, s in zip(self.network.parameters(), start))
        self.estimator.reset()
        assert all(torch.equal(p, s) for p, s in zip(self.network.parameters(), start))
        assert self.baseline.optimiser.state_dict()["state"] == {}

    def test_what_is_missing_is_named(self):
        q = Bernoulli(logits=self.a)
        with pytest.raises(ValueError, match=r"condition\(x\)"):
            self.estimator(q, lambda z: z)
        self.baseline.condition(self.x[:2])
        with pytest.raises(ValueError, match=r"\[3\], got \[2, 1\]"):
            self.estimator(q, lambda z: z)
