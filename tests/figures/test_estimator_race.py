"""The race: means that are means, a bias that is found, a truth that is exact, legible lanes."""

import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Independent

from tests.figures.layout import faults, texts
from vilib.estimators import Enumeration, ScoreFunction, StraightThroughBernoulli, baselines
from vilib.figures.estimator_race import State, describe, draw, race
from vilib.figures.png import to_png
from vilib.figures.race_columns import convicted
from vilib.figures.race_state import draw_gradients

LOGITS = torch.tensor([-1.5, 0.4, 0.8], dtype=torch.double)


def q(logits):
    return Independent(Bernoulli(logits=logits), 1)


def f(z):
    """The straight-through estimator is wrong about a cube."""
    return (z.sum(-1) - 0.4) ** 3


def exact_moments():
    """Mean and variance of one plain score-function gradient, by hand over the eight masks."""
    p = torch.sigmoid(LOGITS).numpy()
    mean = square = 0.0
    for bits in np.ndindex(2, 2, 2):
        z = np.array(bits)
        weight = np.prod(np.where(z == 1, p, 1 - p))
        g = (z.sum() - 0.4) ** 3 * (z[0] - p[0])
        mean, square = mean + weight * g, square + weight * g**2
    return mean, square - mean**2


ZOO = {
    "enumeration": Enumeration(),
    "score function": ScoreFunction(),
    "running mean": ScoreFunction(baselines.RunningMean()),
    "second sample": ScoreFunction(baselines.SecondSample()),
    "leave one out": ScoreFunction(baselines.LeaveOneOut()),
    "straight-through": StraightThroughBernoulli(),
}


@pytest.fixture(scope="module")
def finish():
    return race(q, LOGITS, f, ZOO, num_draws=4096)


def test_the_truth_and_the_variance_are_those_of_enumeration(finish):
    mean, variance = exact_moments()
    assert finish.exact == pytest.approx(mean, abs=1e-10)
    one = race(q, LOGITS, f, {"plain": ScoreFunction()}, num_draws=20_000, num_samples=1)
    assert one.deviations[0] ** 2 == pytest.approx(variance, rel=0.1)
    two = finish.deviations[finish.names.index("score function")] ** 2
    assert two == pytest.approx(variance / 2, rel=0.15)


def test_the_biased_canary_is_convicted_and_nobody_else(finish):
    found = dict(zip(finish.names, convicted(finish)))
    assert found.pop("straight-through")
    assert abs(finish.bias[-1]) > 5
    assert not any(found.values())


def test_the_bias_of_a_biased_estimator_grows(finish):
    early, late = (abs(replace(finish, step=s).bias[-1]) for s in (20, -1))
    assert late > 2 * early


def test_nobody_is_convicted_before_the_means_are_gaussian(finish):
    assert not convicted(replace(finish, step=0)).any()
    assert finish.counts[0] < 500


def test_running_means_are_means_of_the_first_draws():
    estimator = ScoreFunction()
    state = race(q, LOGITS, f, {"plain": estimator}, num_draws=200, seed=3, component=2)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        g = draw_gradients(q, LOGITS, f, estimator, 200, 2)[:, 2].numpy()
    assert state.counts[-1] == 200
    for n, mean in zip(state.counts, state.means[0]):
        assert mean == pytest.approx(g[:n].mean(), abs=1e-12)
    assert state.deviations[0] == pytest.approx(g.std(ddof=1))


def test_one_backward_pass_gives_the_gradient_of_each_copy():
    """Enumeration has no noise: each copy's gradient must be the one of a datapoint alone."""
    leaf = LOGITS.clone().requires_grad_()
    (alone,) = torch.autograd.grad(Enumeration()(q(leaf[None]), f).sum(), leaf)
    copies = draw_gradients(q, LOGITS, f, Enumeration(), 130, 1)
    assert copies.shape == (130, 3)
    assert torch.allclose(copies, alone.expand(130, 3), atol=1e-12)


def test_enumeration_is_not_off_by_rounding(finish):
    for step in (0, 30, -1):
        assert replace(finish, step=step).bias[0] == 0.0
    wrong = replace(finish, means=finish.means + np.eye(6, 1) * 0.1)
    assert wrong.bias[0] == np.inf


def test_the_order_of_the_lanes_and_the_callers_seed_do_not_matter(finish):
    torch.manual_seed(99)
    before = torch.random.get_rng_state()
    turned = race(q, LOGITS, f, dict(list(ZOO.items())[:-3:-1]), num_draws=4096)
    assert torch.equal(before, torch.random.get_rng_state())
    assert turned.names == ("straight-through", "leave one out")
    assert np.allclose(turned.means, finish.means[[5, 4]])


@pytest.mark.parametrize("step", [0, 10, 25, 40, -1])
@pytest.mark.parametrize("style", ["light", "dark"])
def test_picture_is_legible_at_every_step(finish, step, style):
    state = replace(finish, step=step)
    figure = draw(state, style)
    assert list(faults(figure)) == []
    shown = [words for words, _ in texts(figure)]
    assert all(name in shown for name in finish.names)
    assert any("biased" in words for words in shown) == (state.drawn >= 500)


@pytest.mark.parametrize("scale", [1e-6, 1e4])
def test_picture_is_legible_at_any_size_of_gradient(scale):
    zoo = {k: ZOO[k] for k in ("enumeration", "score function", "straight-through")}
    state = race(q, LOGITS, lambda z: scale * f(z), zoo, num_draws=600)
    assert list(faults(draw(state))) == []
    assert convicted(state).tolist() == [False, False, True]


def test_convicts_have_another_marker_and_a_word(finish):
    bias = draw(finish).axes[1]
    shapes = [line.get_marker() for line in bias.lines if line.get_linestyle() == "None"]
    assert shapes == ["o"] * 5 + ["s"]
    assert any(t.get_text().endswith("biased") for t in bias.texts)


def test_lanes_do_not_rescale_on_the_way(finish):
    ends = [replace(finish, step=step) for step in (0, 30, -1)]
    limits = {tuple(axes.get_xlim() for axes in draw(state).axes) for state in ends}
    assert len(limits) == 1


def test_read_out_gives_mean_bias_and_variance(finish):
    text = describe(finish)
    assert text.startswith(f"After 4096 gradients (exact: {finish.exact:.3f}")
    for name, mean in zip(finish.names, finish.means[:, -1]):
        said = float(text.split(f"{name} ")[1].split(" ±")[0].replace("−", "-"))
        assert said == pytest.approx(mean, abs=0.00051)


def test_a_race_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 16 draws, got 3"):
        race(q, LOGITS, f, ZOO, num_draws=3)
    with pytest.raises(ValueError, match="means must be"):
        State(("a",), np.arange(3), np.zeros((2, 3)), np.zeros(1), 0.0)
    with pytest.raises(ValueError, match="step must be an index of the 3 counts, got 3"):
        State(("a",), np.arange(3), np.zeros((1, 3)), np.zeros(1), 0.0, step=3)


def test_a_frame_is_drawn_quickly(finish):
    spent = []
    for _ in range(6):
        start = time.process_time()
        to_png(draw(finish))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.2
