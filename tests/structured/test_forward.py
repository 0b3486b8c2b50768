"""log p(x) and its gradient, against the sum over all paths."""

from dataclasses import replace

import pytest
import torch
from torch.autograd import grad, gradcheck, gradgradcheck

from tests.structured.problems import INF, assert_close, enumerate_paths, random_hmm, watch
from vilib.structured import HMM, forward, forward_log

SIZES = [(1, 3), (2, 1), (4, 2), (5, 4), (4, 4)]


def unwatched(hmm):
    return forward(hmm)


def with_gradient(hmm):
    return forward(watch(hmm)).detach()


WAYS = [unwatched, with_gradient, forward_log]


def assert_log_evidence(way, hmm):
    B = len(hmm.log_emission)
    exact = torch.stack([enumerate_paths(hmm, b).log_evidence for b in range(B)])
    assert_close(way(hmm), exact)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize("forbid", [0.0, 0.3])
@pytest.mark.parametrize(("T", "K"), SIZES)
def test_log_evidence_is_the_sum_over_all_paths(way, axes, forbid, T, K):
    for ragged in (False, True):
        assert_log_evidence(way, random_hmm(3, T, K, axes, ragged=ragged, forbid=forbid))


@pytest.mark.parametrize("way", WAYS)
def test_scores_need_not_be_normalised(way):
    hmm = random_hmm(T=4)
    crf = HMM(hmm.log_initial + 5, hmm.log_transition - 3 * torch.rand(3, 3) + 4, hmm.log_emission)
    assert_log_evidence(way, crf)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("T", [7, 8, 9, 16, 17, 40])
def test_renormalisation_leaves_no_trace(way, T):
    for hmm in (random_hmm(5, T, 3), random_hmm(5, T, 3, ragged=True), random_hmm(5, T, 3, 4)):
        assert_close(way(hmm), forward_log(hmm))


@pytest.mark.parametrize("way", WAYS)
def test_batch_is_a_loop(way):
    for axes in (2, 3, 4):
        hmm = random_hmm(4, 12, 3, axes, ragged=True)
        each = torch.cat([way(hmm.rows(torch.tensor([b]))) for b in range(4)])
        assert_close(way(hmm), each)


@pytest.mark.parametrize("way", WAYS)
def test_steps_that_all_sequences_share(way):
    hmm = random_hmm(3, 12, 3, 4)
    shared = replace(hmm, log_transition=hmm.log_transition[:1])
    full = replace(hmm, log_transition=hmm.log_transition[:1].expand(3, 11, 3, 3))
    assert_close(way(shared), way(full))
    a, b = watch(shared), watch(full)
    (g,), (h,) = (grad(forward(x).sum(), x.log_transition) for x in (a, b))
    assert_close(g, h.sum(0, keepdim=True))


@pytest.mark.parametrize("axes", [2, 3, 4])
def test_rows_may_be_repeated(axes):
    for B in (1, 3):
        hmm = random_hmm(B, 4, 3, axes)
        index = torch.tensor([B - 1, 0, B - 1])
        assert_close(forward(hmm.rows(index)), forward(hmm)[index])


@pytest.mark.parametrize("way", WAYS)
def test_padding_does_not_matter(way):
    hmm = random_hmm(2, 12, 3, 4)
    hmm = replace(hmm, lengths=torch.tensor([9, 12]))
    short = HMM(hmm.log_initial[:1], hmm.log_transition[:1, :8], hmm.log_emission[:1, :9])
    for value in (0.0, 1000.0, -INF, float("nan")):
        e, A = hmm.log_emission.clone(), hmm.log_transition.clone()
        e[0, 9:] = value
        A[0, 8:] = value
        padded = replace(hmm, log_emission=e, log_transition=A)
        assert_close(way(padded)[:1], way(short))
        assert_close(way(padded)[1:], way(hmm)[1:])


@pytest.mark.parametrize("function", [forward, forward_log])
@pytest.mark.parametrize("axes", [2, 3, 4])
@pytest.mark.parametrize("forbid", [0.0, 0.3])
@pytest.mark.parametrize("T", [1, 4])
def test_gradient_is_that_of_the_sum_over_all_paths(function, axes, forbid, T):
    hmm = watch(random_hmm(3, T, 3, axes, ragged=True, forbid=forbid))
    log_Z = function(hmm)
    weight = torch.where(log_Z > -INF, torch.tensor([1.0, -2.0, 0.5]), 0.0)
    exact = sum(
        weight[b] * enumerate_paths(hmm, b).log_evidence for b in range(3) if weight[b] != 0
    )
    if isinstance(exact, int):  # all three impossible
        return
    options = {"allow_unused": True, "materialize_grads": True}
    ours = grad((weight * log_Z)[weight != 0].sum(), hmm.potentials, **options)
    for g, h in zip(ours, grad(exact, hmm.potentials, **options)):
        assert_close(g, h)


def test_gradient_on_padding_is_exactly_zero():
    hmm = random_hmm(2, 12, 3, 4)
    e = hmm.log_emission.clone()
    e[0, 5:] = float("nan")
    hmm = watch(replace(hmm, log_emission=e, lengths=torch.tensor([5, 12])))
    for function in (forward, forward_log):
        _, steps, emission = grad(function(hmm).sum(), hmm.potentials)
        assert (emission[0, 5:] == 0).all()
        assert (steps[0, 4:] == 0).all()
        assert (emission[1].sum(-1) - 1).abs().max() < 1e-4


@pytest.mark.parametrize("axes", [2, 3, 4])
def test_first_and_second_derivatives(axes):
    hmm = random_hmm(2, 10, 2, axes, ragged=True)
    hmm = watch(hmm.to(torch.double))
    assert gradcheck(lambda *p: forward(HMM(*p, hmm.lengths)), hmm.potentials)
    assert gradgradcheck(lambda *p: forward(HMM(*p, hmm.lengths)), hmm.potentials)


def test_some_scores_may_be_constants():
    hmm = random_hmm()
    for i in range(3):
        p = [x.clone().requires_grad_(i == j) for j, x in enumerate(hmm.potentials)]
        (g,) = grad(forward(HMM(*p)).sum(), p[i])
        (h,) = grad(forward_log(HMM(*p)).sum(), p[i])
        assert_close(g, h)


@pytest.mark.parametrize("function", [forward, forward_log])
def test_impossible_sequence(function):
    """log 0 = -inf, and no gradient: neither NaN nor a trace in the other sequences."""
    hmm = random_hmm(3, 20, 3)
    e = hmm.log_emission.clone()
    e[1, 7] = -INF
    hmm = watch(replace(hmm, log_emission=e))
    log_Z = function(hmm)
    assert log_Z.isinf().tolist() == [False, True, False]
    rest = hmm.rows(torch.tensor([0, 2]))
    for g, h in zip(grad(log_Z.sum(), hmm.potentials), grad(function(rest).sum(), hmm.potentials)):
        assert_close(g, h)
    with torch.no_grad():
        assert function(hmm)[1] == -INF


@pytest.mark.parametrize("where", ["start", "steps", "emission"])
def test_all_forbidden(where):
    scores = {"start": torch.zeros(2), "steps": torch.zeros(2, 2), "emission": torch.zeros(1, 3, 2)}
    scores[where] = torch.full_like(scores[where], -INF)
    hmm = watch(HMM(*scores.values()))
    for function in (forward, forward_log):
        assert function(hmm.to(torch.float32)).item() == -INF
        assert all((g == 0).all() for g in grad(function(hmm).sum(), hmm.potentials))


def test_not_a_number_is_not_hidden():
    e = torch.zeros(2, 3, 2)
    e[0, 1, 0] = float("nan")
    for way in WAYS:
        assert way(HMM(torch.zeros(2), torch.zeros(2, 2), e)).isnan().tolist() == [True, False]


@pytest.mark.parametrize(
    ("shapes", "word"),
    [
        (((2,), (2, 2), (3, 2)), "one sequence is log_emission"),
        (((2,), (3, 2), (1, 3, 2)), "log_transition must be"),
        (((4, 2), (2, 2), (1, 3, 2)), "log_initial must be"),
        (((2,), (2, 2), (0, 3, 2)), "none of them 0"),
    ],
)
def test_wrong_shapes_are_named(shapes, word):
    with pytest.raises(ValueError, match=word):
        HMM(*(torch.zeros(s) for s in shapes))


def test_wrong_lengths_and_dtypes_are_named():
    scores = torch.zeros(2), torch.zeros(2, 2), torch.zeros(2, 3, 2)
    for lengths in ([0, 3], [1, 4]):
        with pytest.raises(ValueError, match="from 1 to 3"):
            HMM(*scores, torch.tensor(lengths))
    with pytest.raises(ValueError, match="must be integers"):
        HMM(*scores, torch.tensor([1.0, 3.0]))
    with pytest.raises(ValueError, match="one dtype"):
        HMM(scores[0].half(), *scores[1:])
