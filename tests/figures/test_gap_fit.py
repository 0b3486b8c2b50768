"""The way to the best q: never down, and to the optimum of its own KL."""

import itertools

import pytest
import torch

from vilib.datasets import targets
from vilib.figures.gap_fit import fit, moments
from vilib.figures.gap_meter import State, measure
from vilib.figures.gap_state import window

TARGETS = targets()
STARTS = [(0.0, 1 / 200), (0.3, 1 / 15), (1.0, 1 / 2), (0.9, 1 / 100)]


def start(name, mean, scale, direction):
    low, high = window(TARGETS[name])
    return State(TARGETS[name], low + mean * (high - low), scale * (high - low), direction)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(("mean", "scale"), STARTS)
def test_the_elbo_never_falls(name, mean, scale):
    begin = start(name, mean, scale, "reverse")
    elbos = [measure(s).elbo for s in [begin, *fit(begin)]]
    assert all(after >= before - 1e-9 for before, after in itertools.pairwise(elbos))


@pytest.mark.parametrize("name", TARGETS)
def test_the_end_is_stationary(name):
    best = fit(start(name, 0.3, 1 / 15, "reverse"))[-1]
    kl = measure(best).reverse_kl
    for mean, factor in ((0.02, 1.0), (-0.02, 1.0), (0.0, 1.03), (0.0, 1 / 1.03)):
        moved = State(best.target, best.mean + mean, best.scale * factor)
        assert measure(moved).reverse_kl > kl


def test_the_conjugate_gap_closes():
    target = TARGETS["conjugate"]
    best = fit(start("conjugate", 0.0, 1 / 200, "reverse"))[-1]
    # prior N(0, 2²), three observations with noise 1
    precision = 1 / 4 + 3
    assert best.mean == pytest.approx(sum(target.observations) / precision, abs=2e-3)
    assert best.scale == pytest.approx(precision**-0.5, rel=2e-3)
    assert measure(best).reverse_kl < 1e-5


def test_two_hills_attract_two_starts_and_forward_covers_both():
    ends = [fit(start("bimodal", mean, 1 / 30, "reverse"))[-1].mean for mean in (0.2, 0.8)]
    assert ends[0] < -1.5
    assert ends[1] > 1.5
    both = fit(start("bimodal", 0.2, 1 / 30, "forward"))[-1]
    assert ends[0] + 1 < both.mean < ends[1] - 1
    assert both.scale > 1.5


@pytest.mark.parametrize("name", TARGETS)
def test_forward_ends_at_the_moments(name):
    begin = start(name, 0.1, 1 / 15, "forward")
    frames = fit(begin)
    target = TARGETS[name]
    z = torch.linspace(target.low, target.high, 100_001, dtype=torch.double)
    mass = target.log_posterior(z).exp() * (z[1] - z[0])
    mean = (mass * z).sum().item()
    scale = (mass * (z - mean) ** 2).sum().sqrt().item()
    assert moments(begin) == pytest.approx((mean, scale), abs=1e-7)
    assert (frames[-1].mean, frames[-1].scale) == moments(begin)
    kls = [measure(s).forward_kl for s in [begin, *frames]]
    assert kls[-1] == min(kls)
