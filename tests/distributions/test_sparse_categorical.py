"""SparseCategorical: a Categorical whose probabilities are 0 in earnest."""

import math

import pytest
import torch
from torch.autograd import gradcheck
from torch.distributions import Categorical, Independent, OneHotCategorical, kl_divergence

from vilib import exact
from vilib.distributions import SparseCategorical, SparseOneHotCategorical

SCORES = ([1.0, 0.5, -1.0, 0.0], [3.0, 0.0, 0.5, 1.0], [0.1, 0.2, 0.0, 0.1])
PROBS = ([0.75, 0.25, 0, 0], [1, 0, 0, 0], [0.25, 0.35, 0.15, 0.25])
BOTH = pytest.mark.parametrize("kind", [SparseCategorical, SparseOneHotCategorical])


def q_of(kind, requires_grad=False):
    scores = torch.tensor(SCORES, requires_grad=requires_grad)
    return kind(scores), scores


def every_value(q):
    return q.enumerate_support()  # [4, 3, *event]


@BOTH
def test_log_prob(kind):
    q, _ = q_of(kind)
    log_q = q.log_prob(every_value(q))
    assert torch.allclose(log_q.exp(), torch.tensor(PROBS).T)
    assert (log_q[torch.tensor(PROBS).T == 0] == -math.inf).all()
    assert torch.allclose(q.probs, torch.tensor(PROBS))
    assert (q.batch_shape, len(q.event_shape)) == ((3,), int(kind is SparseOneHotCategorical))


@BOTH
def test_entropy_and_mode(kind):
    q, _ = q_of(kind)
    expected = [-sum(p * math.log(p) for p in row if p) for row in PROBS]
    assert q.entropy().tolist() == pytest.approx(expected, abs=1e-6)
    mode = q.mode if kind is SparseCategorical else q.mode.argmax(-1)
    assert mode.tolist() == [0, 0, 1]


@BOTH
def test_samples_have_mass(kind):
    q, _ = q_of(kind)
    z = q.sample((4000,))
    assert q.log_prob(z).isfinite().all()
    index = z if kind is SparseCategorical else z.argmax(-1)
    share = torch.nn.functional.one_hot(index, 4).to(q.probs).mean(0)
    p = torch.tensor(PROBS)
    assert ((share - p).abs() <= 5 * (p * (1 - p) / 4000).sqrt()).all()
    assert z.dtype == (torch.int64 if kind is SparseCategorical else q.probs.dtype)


@BOTH
def test_it_is_an_ordinary_categorical_besides(kind):
    q, scores = q_of(kind)
    assert isinstance(q, Categorical if kind is SparseCategorical else OneHotCategorical)
    wide = q.expand((2, 3))
    assert type(wide) is kind
    assert wide.batch_shape == (2, 3)
    assert torch.equal(wide.probs[1], q.probs)
    assert wide.sample((5,)).shape == (5, 2, 3, *q.event_shape)
    two = Independent(q, 1)
    z = every_value(q)[0]
    assert torch.allclose(two.log_prob(z), q.log_prob(z).sum())
    with pytest.raises(ValueError, match="support"):
        q.log_prob(every_value(q) + 7)
    # one datapoint without a batch axis, and one with a barred category
    assert kind(scores[0]).batch_shape == ()
    barred = kind(torch.tensor([0.0, -torch.inf, 0.0]))
    assert barred.probs.tolist() == [0.5, 0.0, 0.5]
    assert barred.entropy().item() == pytest.approx(math.log(2))


@BOTH
def test_gradients(kind):
    def entropy(s):
        return kind(s).entropy()

    def log_prob(s):
        # where there is mass
        z = kind(s).enumerate_support()
        log_q = kind(s).log_prob(z)
        return log_q[log_q.isfinite()]

    # three of four in the support, away from its edge
    scores = torch.tensor([[1.0, 0.7, -1.0, 0.9]], dtype=torch.double, requires_grad=True)
    for f in (entropy, log_prob):
        assert gradcheck(f, scores)


@BOTH
def test_no_nan_where_there_is_no_mass(kind):
    q, scores = q_of(kind, requires_grad=True)
    other = kind(torch.zeros(3, 4))
    log_q = q.log_prob(every_value(q))
    for x in (q.entropy(), log_q.where(log_q.isfinite(), 0.0), kl_divergence(q, other)):
        (g,) = torch.autograd.grad(x.sum(), scores, retain_graph=True)
        assert g.isfinite().all()
        assert g[1].abs().sum() == 0  # one category only


@BOTH
def test_a_weighted_entropy_does_not_overflow(kind):
    # torch's own puts the smallest float for log 0: ten times that is -∞, and ∞ · 0 is NaN
    scores = torch.tensor(SCORES, dtype=torch.float32, requires_grad=True)
    right, wrong = kind(scores).entropy(), Categorical.entropy(SparseCategorical(scores))
    assert torch.allclose(right, wrong)
    right, wrong = (torch.autograd.grad(10 * x.sum(), scores)[0] for x in (right, wrong))
    assert right.isfinite().all()
    assert wrong.isnan().any()


@BOTH
def test_kl_against_a_sum_over_all_values(kind):
    q, scores = q_of(kind, requires_grad=True)
    logits = torch.randn(3, 4, requires_grad=True)
    prior = (Categorical if kind is SparseCategorical else OneHotCategorical)(logits=logits)

    def gap(z):
        return q.log_prob(z) - prior.log_prob(z)

    kl = kl_divergence(q, prior)
    assert torch.allclose(kl.double(), exact.expectation(q, gap))
    found = torch.autograd.grad(kl.sum(), [scores, logits], retain_graph=True)
    # ∇p (log p - log π), and the log ratio's own gradient in the prior
    p = q.probs
    ratio = (q.logits.detach().where(p > 0, 0.0) - prior.logits.detach()).where(p > 0, 0.0)
    (truth,) = torch.autograd.grad((p * ratio).sum(), scores)
    assert torch.allclose(found[0], truth, atol=1e-6)
    assert torch.allclose(found[1], (logits.softmax(-1) - p).detach(), atol=1e-6)


def test_kl_is_infinite_where_the_other_has_no_mass():
    q, _ = q_of(SparseCategorical)
    one = SparseCategorical(torch.tensor([5.0, 0.0, 0.0, 0.0]))
    assert kl_divergence(q, one).tolist() == [math.inf, 0.0, math.inf]


def test_torch_s_own_log_prob_is_the_mistake():
    # Categorical(probs) says log eps where there is no mass: f = ∞ would count
    q = Categorical(torch.tensor(PROBS))
    assert q.log_prob(torch.tensor(3))[0].isfinite()
    assert SparseCategorical(torch.tensor(SCORES)).log_prob(torch.tensor(3))[0] == -math.inf
