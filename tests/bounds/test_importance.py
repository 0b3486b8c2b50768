"""log p(x) by importance sampling: its value, its standard error, and where both deceive."""

import math

import pytest
import torch
from torch.distributions import Categorical, Normal

from tests.bounds import mutants
from tests.bounds.problems import LinearGaussian, Table, agree, rounding
from vilib.bounds import importance, log_weights

INF = torch.inf


def at(values, chunk_size=1000):
    """The estimate from given log weights `[S, B]`."""
    S, B = values.shape
    q, queue = Categorical(logits=torch.zeros(B, 1)), iter(values.split(chunk_size))
    return importance(q, lambda z: next(queue), num_samples=S, chunk_size=chunk_size)


def test_by_hand():
    w = torch.rand(50, 3) + 0.1
    found = at(w.log())
    agree(found.log_evidence, w.mean(0).log(), size=10)
    agree(found.standard_error, w.std(0) / 50**0.5 / w.mean(0), size=10)
    agree(found.effective_sample_size, w.sum(0) ** 2 / (w**2).sum(0), size=100)


@pytest.mark.parametrize("chunk_size", [1, 3, 7, 60, 1000])
def test_chunks_do_not_matter(chunk_size):
    log_w = torch.randn(60, 4) * 30 - 500
    log_w[:13, 1] = -INF  # whole chunks may be impossible
    for one, many in zip(at(log_w), at(log_w, chunk_size)):
        agree(many, one, size=100)


def test_chunks_add_up_to_the_number_of_samples():
    sizes = []
    q = Normal(torch.zeros(2), 1.0)
    importance(q, lambda z: sizes.append(len(z)) or q.log_prob(z), 25, chunk_size=10)
    assert sizes == [10, 10, 5]


def test_effective_sample_size_at_its_ends():
    even, one = torch.full((9, 1), -700.0), torch.full((9, 1), -700.0)
    one[4] = 700.0
    found = at(even)
    agree(found.effective_sample_size, torch.tensor([9.0]), size=10)
    assert found.standard_error < rounding() ** 0.5
    found = at(one)
    agree(found.effective_sample_size, torch.tensor([1.0]))
    agree(found.standard_error, torch.tensor([1.0]))
    agree(found.log_evidence, torch.tensor([700 - math.log(9)]), size=1)


def test_impossible_samples():
    log_w = torch.tensor([[-INF, -INF], [-INF, 2.0], [-INF, -INF]])
    found = at(log_w)
    agree(found.log_evidence[1], torch.tensor(2 - math.log(3)))
    assert found.log_evidence[0] == -INF
    assert found.standard_error.tolist() == [INF, 1.0]
    assert found.effective_sample_size.tolist() == [0.0, 1.0]


def test_one_sample_knows_nothing_of_its_error():
    found = at(torch.tensor([[-3.0, -INF]]))
    assert found.log_evidence.tolist() == [-3.0, -INF]
    assert found.standard_error.tolist() == [INF, INF]
    assert found.effective_sample_size.tolist() == [1.0, 0.0]


def test_no_gradient_is_kept():
    model = LinearGaussian()
    assert not any(x.requires_grad for x in importance(model.q, model.log_joint, 10))


def replications(bound, samples=400, copies=3000):
    """Estimates and standard errors, `[copies, B]`, where Var w is finite."""
    model = LinearGaussian()
    model.log_scale.data.fill_(0.0)
    found = bound(model.q.expand((copies, 3)), model.log_joint, samples)
    return found.log_evidence, found.standard_error, model.log_evidence().detach()


def assert_standard_error(bound):
    """The true spread over replications, and 95 % of intervals of 1.96 standard errors hold."""
    value, error, truth = replications(bound)
    copies = len(value)
    # a standard deviation from R replications is known to 1/√2R; tails cost a little more
    ratio = error.mean(0) / value.std(0)
    assert ((ratio - 1).abs() < 8 / (2 * copies) ** 0.5).all(), f"{ratio.tolist()} of the spread"
    inside = ((value - truth).abs() < 1.96 * error).double().mean(0)
    assert ((inside - 0.95).abs() < 5 * (0.95 * 0.05 / copies) ** 0.5 + 0.01).all()


def test_standard_error_is_the_spread():
    assert_standard_error(importance)


def test_mutant_without_the_count_dies():
    with pytest.raises(AssertionError, match="of the spread"):
        assert_standard_error(mutants.importance_without_count)


def test_standard_error_against_the_exact_variance():
    # no replications: √(Var w / S) / p(x), the variance by enumeration
    model, S = Table(), 200_000
    truth = (model.log_weights() - model.log_evidence()).exp()
    exact = ((model.q.probs.mT * (truth - 1) ** 2).sum(0) / S).sqrt()
    found = importance(model.q, model.log_joint, S, chunk_size=50_000)
    assert ((found.standard_error / exact - 1).abs() < 0.02).all()
    gap = (found.log_evidence - model.log_evidence()).abs()
    assert (gap < 5 * exact).all()


def test_the_heavy_tail_trap():
    """A q narrower than the posterior: too low, and sure of it."""
    # p(x, z) = N(z; 0, 1): log p(x) = 0; Var w is infinite once σ² < 1/2
    p, S = Normal(0.0, 1.0), 1000
    inside, estimate = {}, {}
    for scale in (0.3, 1.5):
        found = importance(Normal(torch.zeros(1000), scale), p.log_prob, S)
        inside[scale] = (found.log_evidence.abs() < 1.96 * found.standard_error).double().mean()
        estimate[scale] = found.log_evidence.median()
    # 1000 intervals: five standard errors are 3.5 %
    assert inside[1.5] > 0.91
    assert inside[0.3] < 0.7
    assert estimate[0.3] < -0.1 < estimate[1.5]


def test_streams_many_samples():
    q, p = Normal(torch.zeros(2), 1.3), Normal(0.0, 1.0)
    shapes = []

    def log_joint(z):
        shapes.append(tuple(z.shape))
        return p.log_prob(z)

    found = importance(q, log_joint, 100_000, chunk_size=10_000)
    assert set(shapes) == {(10_000, 2)}
    assert (found.log_evidence.abs() < 5 * found.standard_error).all()
    assert (found.standard_error < 0.005).all()


def test_refusals():
    q = Normal(torch.zeros(2), 1.0)
    for bad in ({"num_samples": 0}, {"chunk_size": 0}):
        with pytest.raises(ValueError, match="at least 1"):
            importance(q, q.log_prob, **bad)
    with pytest.raises(ValueError, match="one value per sample"):
        importance(q, lambda z: z.sum(), 5)
    assert log_weights(q, q.log_prob, 5).abs().max() == 0
