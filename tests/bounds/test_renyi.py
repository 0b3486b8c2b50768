"""Rényi's bounds: exact orders, limits, identities, one datapoint at a time."""

import math

import pytest
import torch

from tests.bounds import mutants
from tests.bounds.outcomes import expected
from tests.bounds.problems import LinearGaussian, Table, agree, rounding
from vilib.bounds import iwae, log_weights, renyi

INF = math.inf
ORDERS = (-INF, -8.0, -1.0, 0.0, 0.3, 0.9, 1.0, 1.1, 2.0, 9.0, INF)


def divergence(model, alpha):
    """D_α(q ‖ posterior) by enumeration, `[B]`."""
    log_q, log_post = model.logits.log_softmax(-1), model.log_posterior()
    return (alpha * log_q + (1 - alpha) * log_post).logsumexp(-1) / (alpha - 1)


def assert_right(bound, alpha):
    """E[bound] → log p(x) - D_α(q ‖ posterior), at the rate 1/S, with two S extrapolated."""
    model = Table()
    log_w, log_q = model.log_weights(), model.logits.log_softmax(-1).mT
    few, many = (expected(lambda v: bound(v, alpha), log_w, log_q, S).detach() for S in (32, 64))
    truth = (model.log_evidence() - divergence(model, alpha)).detach()
    gap = 2 * many - few - truth
    assert (gap.abs() < 2e-3).all(), f"off by {gap.abs().max():.3g}"
    # the mean is below the limit if α < 1 and above it if α > 1
    assert ((truth - many).sign() == math.copysign(1, 1 - alpha)).all()


@pytest.mark.parametrize("alpha", [-0.5, 0.0, 0.4, 0.8, 1.3, 2.0])
def test_many_samples_give_the_divergence(alpha):
    assert_right(renyi, alpha)


@pytest.mark.parametrize("alpha", [-0.5, 0.4, 1.3, 2.0])
def test_mutant_with_one_over_alpha_dies(alpha):
    with pytest.raises(AssertionError, match="off by"):
        assert_right(mutants.renyi_over_alpha, alpha)


def assert_datapoints_do_not_meet(bound):
    """The bound of a batch is that of its datapoints."""
    log_w = torch.randn(6, 4) * 3
    alone = torch.cat([bound(log_w[:, b : b + 1], 0.5) for b in range(4)])
    agree(bound(log_w, 0.5), alone, size=10)


def test_local_latents():
    assert_datapoints_do_not_meet(renyi)
    log_w = torch.randn(6, 4, requires_grad=True)
    (slope,) = torch.autograd.grad(renyi(log_w, 0.5)[2], log_w)
    assert slope[:, [0, 1, 3]].abs().max() == 0
    assert slope[:, 2].abs().min() > 0


def test_mutant_with_the_batch_inside_dies():
    with pytest.raises(AssertionError, match="off by"):
        assert_datapoints_do_not_meet(mutants.renyi_batch_inside)
    # with one datapoint it is right: such a test would not see it
    log_w = torch.randn(6, 1)
    agree(mutants.renyi_batch_inside(log_w, 0.5), renyi(log_w, 0.5))


def value_and_gradient(bound):
    """On the weights of the linear-Gaussian model at the same samples."""
    model = LinearGaussian()
    noise = torch.linspace(-1.5, 1.5, 5)[:, None, None] * torch.tensor([1.0, -0.4])
    z = model.loc + model.log_scale.exp() * noise
    value = bound(model.log_joint(z) - model.q.log_prob(z))
    return value.detach(), torch.cat(
        [g.flatten() for g in torch.autograd.grad(value.sum(), model.leaves)]
    )


def test_order_0_is_the_importance_weighted_bound():
    pairs = zip(value_and_gradient(lambda v: renyi(v, 0.0)), value_and_gradient(iwae))
    assert all(torch.equal(a, b) for a, b in pairs)


def test_order_1_is_the_elbo_and_the_limit():
    truth = value_and_gradient(lambda v: v.mean(0))
    pairs = zip(value_and_gradient(lambda v: renyi(v, 1.0)), truth)
    assert all(torch.equal(a, b) for a, b in pairs)
    for step in (1e-4, 1e-6, 1e-8):
        for sign in (-1, 1):
            found = value_and_gradient(lambda v, a=1 + sign * step: renyi(v, a))
            # L_α - L_1 is Var(log w) (1 - α) / 2: below 100 for value and gradient here
            for a, b in zip(found, truth):
                assert (a - b).abs().max() < 100 * step + rounding(10)


def test_near_1_in_float32():
    log_w = torch.tensor([[-500.0], [-503.0], [-501.0]], dtype=torch.float32)
    for alpha in (1 - 1e-3, 1 - 1e-5, 1 - 1e-7, 1 + 1e-7, 1 + 1e-4):
        truth = renyi(log_w.double(), alpha)
        assert abs(renyi(log_w, alpha).double() - truth) < 2e-4
        assert abs(truth + 501 + 1 / 3) < 2e-3


def test_infinite_orders_are_the_extremes():
    log_w = torch.randn(7, 3) * 4
    agree(renyi(log_w, INF), log_w.min(0).values)
    agree(renyi(log_w, -INF), log_w.max(0).values)
    # log 7 / |1 - α| is the most by which a finite order can differ
    for alpha, end in ((1e5, INF), (-1e5, -INF)):
        gap = (renyi(log_w, alpha) - renyi(log_w, end)).abs()
        assert (gap < 2e-5 + rounding()).all()
    (slope,) = torch.autograd.grad(renyi(log_w.requires_grad_(), INF).sum(), log_w)
    assert torch.equal(slope, (log_w == log_w.min(0).values).to(slope))


def test_falls_as_alpha_grows():
    # at every set of samples, not only on average
    model = LinearGaussian()
    log_w = log_weights(model.q.expand((50, 3)), model.log_joint, 10)
    values = torch.stack([renyi(log_w, alpha) for alpha in ORDERS])
    assert (values.diff(dim=0) < rounding()).all()
    assert (values[0] - values[-1] > 0.5).all()


def test_one_sample_is_the_elbo():
    log_w = torch.randn(1, 5) * 10
    for alpha in ORDERS:
        agree(renyi(log_w, alpha), log_w[0], size=10)


def test_negative_orders_are_above_the_evidence():
    model = Table()
    log_w, log_q = model.log_weights(), model.logits.log_softmax(-1).mT
    truth = model.log_evidence()
    many = expected(lambda v: renyi(v, -2.0), log_w, log_q, 64)
    one = expected(lambda v: renyi(v, -2.0), log_w, log_q, 1)
    assert (many > truth + 0.05).all()
    # but not with few samples
    assert (one < truth).all()


@pytest.mark.parametrize("alpha", ORDERS)
def test_impossible_samples_and_hundreds_of_nats(alpha):
    log_w = torch.tensor([[-INF, -INF, -900.0], [-INF, -500.0, 300.0]]).requires_grad_()
    value = renyi(log_w, alpha)
    assert not value.isnan().any()
    assert value[0] == -INF
    # one impossible sample of two: a bound is left only where weights are averaged, α < 1
    assert value[1].isfinite() == (alpha < 1)
    assert value[2].isfinite()
    (slope,) = torch.autograd.grad(value.sum(), log_w)
    assert slope.isfinite().all()
    agree(slope[:, 2].sum(), torch.tensor(1.0))
