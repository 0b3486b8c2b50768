"""The constraint on the selection rate: its gradient, its two sides, its memory."""

import pytest
import torch
from torch.distributions import Bernoulli, Independent

from vilib.models import SelectionRate

MASK = torch.tensor([[True, True, True], [True, False, False]])


def q_of(logits):
    return Independent(Bernoulli(logits=logits), 1)


def settled(constraint, worth, steps=1500):
    """Words that are worth `worth` nats each at most; gradient descent under the constraint."""
    logits = torch.full((1, len(worth)), 2.0, requires_grad=True)
    optimiser = torch.optim.Adam([logits], lr=0.03)
    mask = torch.ones(1, len(worth), dtype=torch.bool)
    for _ in range(steps):
        q = q_of(logits)
        loss = -(q.base_dist.probs * worth).sum() + constraint.penalty(q, mask)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return torch.sigmoid(logits.detach()[0])


def test_value_and_gradient():
    logits = torch.randn(2, 3, dtype=torch.double, requires_grad=True)
    constraint = SelectionRate(0.25, 0, curvature=7.0, learning_rate=0.5)
    constraint.multiplier = -0.4
    penalty = constraint.penalty(q_of(logits), MASK)
    p = torch.sigmoid(logits)
    gap = p[MASK].mean() - 0.25
    torch.testing.assert_close(penalty, -0.4 * gap + 3.5 * gap**2)
    (grad,) = torch.autograd.grad(penalty, logits)
    expected = (-0.4 + 7 * gap) * p * (1 - p) * MASK / MASK.sum()
    torch.testing.assert_close(grad, expected)
    assert constraint.multiplier == pytest.approx(-0.4 + 0.5 * gap.item())


def test_padding_counts_for_nothing():
    logits = torch.randn(2, 3)
    one, other = SelectionRate(0.2, 0), SelectionRate(0.2, 0)
    one.penalty(q_of(logits), MASK)
    other.penalty(q_of(torch.where(MASK, logits, 9.0)), MASK)
    assert one.state_dict() == other.state_dict()


def test_the_target_comes_down_in_a_line_and_stays():
    constraint = SelectionRate(0.2, num_anneal=4)
    seen = []
    for _ in range(6):
        seen.append(constraint.current_target)
        constraint.penalty(q_of(torch.zeros(2, 3)), MASK)
    assert seen == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2, 0.2])


@pytest.mark.parametrize("target", [0.2, 0.5, 0.8])
def test_holds_the_rate_from_above_and_from_below(target):
    worth = torch.tensor([0.9, 0.7, 0.3, 0.1, -0.1, -0.2, -0.4, -0.6, -0.8, -1.0])
    constraint = SelectionRate(target, num_anneal=300)
    probs = settled(constraint, worth)
    assert probs.mean() == pytest.approx(target, abs=0.02)
    # what is worth most is kept: the words are ordered by worth
    assert (probs.diff() <= 1e-3).all()
    # four of ten words pay for themselves: fewer have a positive price, more are paid for
    assert (constraint.multiplier > 0) == (target < 0.4)


def test_a_fixed_price_has_no_such_hold():
    worth = torch.full((10,), 0.5)
    fixed = SelectionRate(0.3, num_anneal=0, curvature=0.0, learning_rate=0.0)
    for price, rate in ((0.4, 1.0), (0.6, 0.0)):
        fixed.reset()
        fixed.multiplier = price * 10
        assert settled(fixed, worth).mean() == pytest.approx(rate, abs=0.05)


def test_reset_and_state():
    constraint = SelectionRate(0.2, num_anneal=3)
    for _ in range(2):
        constraint.penalty(q_of(torch.ones(2, 3)), MASK)
    state = constraint.state_dict()
    assert state["step"] == 2
    assert 0 < constraint.rate < 1
    other = SelectionRate(0.2, num_anneal=3)
    other.load_state_dict(state)
    assert other.state_dict() == state
    assert other.current_target == constraint.current_target
    constraint.reset()
    assert constraint.state_dict() == {"multiplier": 0.0, "step": 0, "rate": 1.0}


@pytest.mark.parametrize(("target", "anneal"), [(0.0, 1), (1.2, 1), (0.5, -1)])
def test_nonsense_is_refused(target, anneal):
    with pytest.raises(ValueError, match="expected"):
        SelectionRate(target, anneal)
