"""The posterior as a distribution, and as the q of an estimator."""

import pytest
import torch

from tests.structured.problems import INF, assert_close, enumerate_paths, random_hmm, watch
from vilib import exact
from vilib.estimators import ScoreFunction
from vilib.estimators.baselines import LeaveOneOut
from vilib.structured import HMM, HMMPosterior, forward, marginals


@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize("forbid", [0.0, 0.3])
def test_entropy_and_log_prob_against_all_paths(axes, forbid):
    hmm = random_hmm(4, 4, 3, axes, ragged=True, forbid=forbid)
    q = HMMPosterior(hmm)
    for b in range(4):
        paths = enumerate_paths(hmm, b)
        if paths.log_evidence == -INF:
            continue
        n = paths.states.shape[1]
        padded = torch.zeros(len(paths.states), 4, 4, dtype=torch.long)
        padded[:, b, :n] = paths.states
        assert_close(q.log_prob(padded)[:, b], paths.log_joint - paths.log_evidence)
        mass = paths.mass[paths.mass > 0]
        assert_close(q.entropy()[b], -(mass * mass.log()).sum())


@pytest.mark.parametrize("axes", [2, 3, 4])
def test_entropy_is_differentiable(axes):
    hmm = watch(random_hmm(2, 9, 2, axes, ragged=True).to(torch.double))
    entropy = lambda *p: HMMPosterior(HMM(*p, hmm.lengths)).entropy()  # noqa: E731
    assert torch.autograd.gradcheck(entropy, hmm.potentials)


def test_gradient_of_the_entropy_with_forbidden_steps():
    """Against the sum over the paths that are left."""
    steps = torch.tensor([[-0.7, -0.7, -INF], [-INF, -0.7, -0.7], [-INF, -INF, 0.0]])
    hmm = watch(HMM(torch.tensor([0.0, -1.0, -INF]), steps, torch.randn(1, 4, 3)))
    paths = enumerate_paths(hmm, 0)
    left = paths.log_joint[paths.log_joint > -INF]
    log_q = left.log_softmax(0)
    exact_gradient = torch.autograd.grad(-(log_q.exp() * log_q).sum(), hmm.potentials)
    ours = torch.autograd.grad(HMMPosterior(hmm).entropy().sum(), hmm.potentials)
    for g, h in zip(ours, exact_gradient):
        assert_close(g, h)


def test_support_is_enumerated_once():
    q = HMMPosterior(random_hmm(2, 3, 3))
    values = q.enumerate_support()
    assert values.shape == (27, 2, 3)
    assert len(values[:, 0].unique(dim=0)) == 27
    assert q.support.check(values).all()
    assert_close(q.log_prob(values).logsumexp(0), torch.zeros(2))
    assert exact.enumerate_support(q).values.shape == (27, 3)
    with pytest.raises(ValueError, match="1162261467 terms"):
        HMMPosterior(random_hmm(1, 19, 3)).enumerate_support()
    with pytest.raises(ValueError, match="different lengths"):
        HMMPosterior(
            HMM(torch.zeros(2), torch.zeros(2, 2), torch.zeros(2, 3, 2), torch.tensor([2, 3]))
        ).enumerate_support()


def test_shapes():
    q = HMMPosterior(random_hmm(3, 5, 2))
    assert (q.batch_shape, q.event_shape) == ((3,), (5,))
    assert q.sample().shape == (3, 5)
    z = q.sample((4, 2))
    assert z.shape == (4, 2, 3, 5)
    assert q.log_prob(z).shape == (4, 2, 3)
    assert_close(q.marginals, marginals(q.hmm))


def test_the_exact_posterior_closes_the_gap():
    """ELBO(q = p(z | x)) = log p(x), and a worse q has less."""
    hmm, worse = random_hmm(2, 4, 3), random_hmm(2, 4, 3)
    gap = forward(hmm) - exact.elbo(HMMPosterior(hmm), hmm.log_joint).to(hmm.log_emission)
    assert_close(gap, torch.zeros(2))
    assert (exact.elbo(HMMPosterior(worse), hmm.log_joint) < forward(hmm)).all()


def test_as_q_of_an_estimator():
    """The score function through a structured q: its mean over draws is the exact gradient."""
    hmm, q_of = random_hmm(1, 3, 2), watch(random_hmm(1, 3, 2))
    f = hmm.log_joint
    (truth,) = exact.gradient(HMMPosterior(q_of), f, [q_of.log_emission])
    copies, S = 20_000, 4
    e = q_of.log_emission.detach().expand(copies, 3, 2).clone().requires_grad_()
    q = HMMPosterior(HMM(q_of.log_initial.detach(), q_of.log_transition.detach(), e))
    many = HMM(*hmm.potentials[:2], hmm.log_emission.expand(copies, 3, 2))
    surrogate = ScoreFunction(LeaveOneOut())(q, many.log_joint, S)
    (g,) = torch.autograd.grad(surrogate.sum(), e)
    error = g.std(0) / copies**0.5
    assert ((g.mean(0) - truth[0]).abs() < 5 * error + 1e-6).all()
    assert (5 * error < 0.1 * truth.abs().max()).all()
