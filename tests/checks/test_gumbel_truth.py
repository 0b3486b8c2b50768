"""The truths of unit 05's checks, each against a computation that shares nothing with it."""

import itertools

import pytest
import torch
from torch.distributions import Gumbel, RelaxedBernoulli, RelaxedOneHotCategorical
from torch.func import jacrev

from vilib.checks.bias_detected import REAL, TABLES, made_to_measure, real
from vilib.checks.concrete_density import by_differences, mass_of
from vilib.checks.concrete_exact import soft_slope
from vilib.checks.dice import draw_dice
from vilib.checks.dice_elbo_exact import enumerated_kl
from vilib.checks.inverse_cdf_flat import invert
from vilib.checks.temperature_best import BUDGETS, mean_squared_errors, soft_bit
from vilib.checks.undecided_exact import by_quadrature

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


@SEEDS
@pytest.mark.parametrize("temperature", [0.5, 1.5])
def test_density_by_differences_is_torchs(seed, temperature):
    logits, noise = draw_dice(seed)
    s = ((logits + noise) / 2.5).softmax(-1)
    t = torch.tensor(temperature, dtype=torch.double)
    theirs = RelaxedOneHotCategorical(t, logits=logits).log_prob(s)
    torch.testing.assert_close(by_differences(s, logits, temperature), theirs)


@SEEDS
def test_soft_slope_is_autograds_jacobian(seed):
    logits, noise = draw_dice(seed)
    weight = torch.randn(noise.shape, generator=torch.Generator().manual_seed(seed)).double()

    def total(a):
        return (((a + noise) / 0.6).softmax(-1) * weight).sum()

    s = ((logits + noise) / 0.6).softmax(-1)
    torch.testing.assert_close(soft_slope(s, weight, 0.6), jacrev(total)(logits))


@SEEDS
def test_the_unlikeliest_face_wins_once_and_no_roll_is_close(seed):
    logits, noise = draw_dice(seed)
    keys = logits + noise
    assert torch.equal(keys[0].argmax(-1), logits.argmin(-1))
    top = keys.topk(2, -1).values
    assert ((top[..., 0] - top[..., 1]) >= 0.25).all()


def test_noise_of_the_dice_is_gumbel():
    """Without the winner's nudge it would be; its losers are below their unconditional median."""
    _, noise = draw_dice(1, samples=4000)
    share = (noise < Gumbel(0.0, 1.0).icdf(torch.tensor(0.5))).double().mean()
    assert 0.42 < share < 0.52


@SEEDS
def test_undecided_share_is_that_of_torchs_samples(seed):
    logits = torch.tensor([-1.5, 0.3], dtype=torch.double)
    t = torch.tensor(0.7, dtype=torch.double)
    torch.manual_seed(seed)
    s = RelaxedBernoulli(t, logits=logits).sample((200_000,))
    found = ((s > 0.1) & (s < 0.9)).double().mean(0)
    assert (found - by_quadrature(logits, 0.7, 0.1)).abs().max() < 5 * 0.5 / 200_000**0.5


@pytest.mark.parametrize("margin", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("temperature", [0.4, 3.0])
def test_undecided_share_is_a_difference_of_sigmoids(margin, temperature):
    logits = torch.tensor([-4.0, 0.3, 3.0], dtype=torch.double)
    edge = temperature * torch.logit(torch.tensor(1 - margin, dtype=torch.double))
    closed = (edge - logits).sigmoid() - (-edge - logits).sigmoid()
    found = by_quadrature(logits, temperature, margin)
    torch.testing.assert_close(found, closed, rtol=0, atol=1e-7)


@SEEDS
@pytest.mark.parametrize("temperature", [0.5, 0.7, 1.5])
def test_the_mass_of_torchs_density_is_one(seed, temperature):
    def density(s, logits, t):
        q = RelaxedOneHotCategorical(torch.tensor(t).double(), logits=logits, validate_args=False)
        return q.log_prob(s)

    triangle = draw_dice(seed, batch=1, faces=3).logits
    assert abs(mass_of(density, triangle, temperature) - 1) < 1e-6


@SEEDS
def test_pairs_are_all_pairs(seed):
    gradients, truth, _ = soft_bit(seed)
    pairs = (gradients[:, None] + gradients[None]) / 2 - truth
    two = pairs.square().mean((0, 1))
    torch.testing.assert_close(mean_squared_errors(gradients, truth, 2), two)
    few = gradients[::12]  # 5 rolls, 125 triples
    triples = itertools.product(few, repeat=3)
    three = torch.stack([(sum(t) / 3 - truth).square() for t in triples]).mean(0)
    torch.testing.assert_close(mean_squared_errors(few, truth, 3), three)


@SEEDS
def test_best_temperatures_fall_with_the_budget(seed):
    gradients, truth, temperatures = soft_bit(seed)
    best = [temperatures[mean_squared_errors(gradients, truth, S).argmin()] for S in BUDGETS]
    assert best[0] >= best[1] > best[2]


@SEEDS
def test_enumerated_kl_is_torchs(seed):
    generator = torch.Generator().manual_seed(seed)
    a = torch.randn(2, 3, 4, generator=generator).double()
    b = torch.randn(3, 4, generator=generator).double()
    q, p = (torch.distributions.Categorical(logits=x) for x in (a, b.expand_as(a)))
    theirs = torch.distributions.kl_divergence(q, p).sum(-1)
    torch.testing.assert_close(enumerated_kl(a, b), theirs)


def test_inverse_is_right_at_both_ends():
    probs = torch.tensor([0.2, 0.3, 0.5], dtype=torch.double)
    u = torch.tensor([0.0, 0.199, 0.201, 0.499, 0.501, 0.999], dtype=torch.double)
    assert invert(probs, u).argmax(-1).tolist() == [0, 0, 1, 1, 2, 2]


@SEEDS
def test_gradients_made_to_measure_have_their_z(seed):
    generator = torch.Generator().manual_seed(seed)
    noise, truth = torch.randn(50, 6, generator=generator).double(), torch.arange(6).double()
    z = torch.tensor([0.0, 1.0, -8.0, 8.0, 4.5, -4.5]).double()
    draws = made_to_measure(noise, truth, z)
    torch.testing.assert_close((draws.mean(0) - truth) / draws.std(0) * 50**0.5, z)


@pytest.mark.parametrize("table", range(TABLES))
def test_the_real_cases_are_far_from_the_limit(table):
    for name, (_, biased) in REAL.items():
        g, truth = real(name, table)
        off = ((g.mean(0) - truth) / g.std(0) * len(g) ** 0.5).abs()
        assert (off.max() > 15) if biased else (off.max() < 4), (name, off)
