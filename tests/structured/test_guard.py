"""Numbers that a product of probabilities cannot hold: found, and redone."""

import pytest
import torch
from torch.autograd import grad

from tests.structured.problems import INF, assert_close, random_hmm, watch
from vilib.structured import (
    HMM,
    counts_by_backprop,
    expected_counts,
    filtering,
    forward,
    forward_log,
    marginals,
    pair_marginals,
)
from vilib.structured.forward_log import messages_log
from vilib.structured.guard import reachable
from vilib.structured.marginals import sweeps
from vilib.structured.plain import log_evidence, state_posterior

DTYPES = [torch.float32, torch.float64]


def separate_chains(rates: torch.Tensor, dtype: torch.dtype) -> HMM:
    """States that are never left, with log emissions `rates` `[T, K]`: log Z by adding up."""
    K = rates.shape[1]
    eye = torch.eye(K, dtype=dtype).log()
    return HMM(torch.zeros(K, dtype=dtype), eye, rates.to(dtype)[None])


def overtaken(dtype: torch.dtype) -> HMM:
    """State 1 falls 1,000 nats behind at once, and is the only good one in the end."""
    e = torch.zeros(30, 2)
    e[0, 1], e[1:, 0] = -1000, -50
    return separate_chains(e, dtype)


def slowly_overtaken(dtype: torch.dtype) -> HMM:
    """The same, at a pace at which no mass is ever 0: what is left is just not the answer."""
    far, pace = (-120, -10) if dtype == torch.float32 else (-1000, -80)
    e = torch.zeros(30, 2)
    e[0, 1], e[1:, 0] = far, pace
    return separate_chains(e, dtype)


def likely_but_unreachable(dtype: torch.dtype) -> HMM:
    """State 1 explains all that is seen much better, and cannot be reached: its β has no bound."""
    e = torch.zeros(40, 2)
    e[:, 0] = -5 if dtype == torch.float32 else -60
    hmm = separate_chains(e, dtype)
    start = torch.tensor([0.0, -INF], dtype=dtype)
    return HMM(start, hmm.log_transition, hmm.log_emission)


def middling(dtype: torch.dtype) -> HMM:
    """State 1 is far behind 0 in the first half, and looking back far behind 2 in the second."""
    e = torch.zeros(40, 3)
    e[20:, 0], e[:20, 2], e[:, 1] = -100, -100, -45
    return separate_chains(e, dtype)


def jumps(dtype: torch.dtype) -> HMM:
    """All emissions differ by up to 1,000 nats, between states and between positions."""
    e = 1000 * torch.rand(4, 30, 3) - 3000 * torch.rand(4, 30, 1)
    steps = torch.randn(3, 3).log_softmax(-1)
    return HMM(torch.zeros(3, dtype=dtype), steps.to(dtype), e.to(dtype))


def unlikely_steps(dtype: torch.dtype) -> HMM:
    """Steps of probability e⁻¹⁵⁰⁰ that the emissions force."""
    e = torch.full((1, 12, 3), -3000.0)
    e[0, torch.arange(12), torch.arange(12) % 3] = 0
    steps = torch.full((3, 3), -1500.0)
    steps.fill_diagonal_(0.0)
    return HMM(torch.zeros(3, dtype=dtype), steps.to(dtype), e.to(dtype))


def left_to_right(dtype: torch.dtype) -> HMM:
    """Stay or go on by one; must begin in the first state."""
    K = 6
    steps = torch.full((K, K), -INF)
    for i in range(K):
        steps[i, i : i + 2] = -0.7
    start = torch.full((K,), -INF)
    start[0] = 0
    return HMM(start.to(dtype), steps.to(dtype), torch.randn(3, 40, K).to(dtype))


def large_scores(dtype: torch.dtype) -> HMM:
    """A random field whose scores no exponential holds."""
    return HMM(
        (2000 * torch.randn(3)).to(dtype),
        (2000 * torch.randn(3, 3) + 5000).to(dtype),
        (2000 * torch.randn(2, 20, 3)).to(dtype),
    )


def last_word(dtype: torch.dtype) -> HMM:
    """0 → 1 → 2, and nothing after 2; the third observation is 1,000 nats better for 0."""
    steps = torch.full((3, 3), -INF, dtype=dtype)
    steps[0, 1] = steps[1, 2] = 0
    e = torch.zeros(1, 6, 3, dtype=dtype)
    e[0, 2, 2] = -1000
    start = torch.tensor([0.0, -INF, -INF], dtype=dtype)
    return HMM(start, steps, e, torch.tensor([3]))


def dead_ends(dtype: torch.dtype) -> HMM:
    """A third of everything is forbidden, and emissions span 1,000 nats."""
    hmm = random_hmm(6, 20, 5, forbid=0.3, ragged=True)
    return HMM(hmm.log_initial, hmm.log_transition, 200 * hmm.log_emission, hmm.lengths).to(dtype)


HARD = [
    overtaken,
    slowly_overtaken,
    likely_but_unreachable,
    middling,
    jumps,
    unlikely_steps,
    left_to_right,
    large_scores,
    last_word,
    dead_ends,
]


def assert_evidence_survives(hmm: HMM, function=forward) -> None:
    exact = forward_log(hmm.to(torch.double)).to(hmm.log_emission.dtype)
    assert_close(function(hmm), exact)
    assert_close(function(watch(hmm)).detach(), exact)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("make", HARD)
def test_evidence_survives(make, dtype):
    assert_evidence_survives(make(dtype))


@pytest.mark.parametrize("dtype", DTYPES)
def test_hard_cases_by_hand(dtype):
    # log (e⁻¹⁴⁵⁰ + e⁻¹⁰⁰⁰), log (e⁻²⁰⁰⁰ + e⁻¹⁸⁰⁰ + e⁻²⁰⁰⁰), 11 forced steps
    for hmm, exact in (
        (overtaken(dtype), -1000.0),
        (slowly_overtaken(dtype), -120.0 if dtype == torch.float32 else -1000.0),
        (middling(dtype), -1800.0),
        (last_word(dtype), -1000.0),
        (unlikely_steps(dtype), -16500.0),
    ):
        assert_close(forward(hmm), torch.tensor([exact], dtype=dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("make", HARD)
def test_posterior_survives(make, dtype):
    hmm = make(dtype)
    exact = counts_by_backprop(hmm.to(torch.double))
    ours = expected_counts(hmm)
    for n, m in zip(ours, exact):
        # float32 scores of 1,000 nats are themselves known to 1e-4 only
        assert_close(n, m.to(dtype), scale=30 if dtype == torch.float32 else 10)
    assert_close(marginals(hmm), ours.emission)
    assert_close(pair_marginals(hmm).sum(1), ours.transition, scale=10)
    watched = watch(hmm)
    log_Z = forward(watched)
    (g,) = grad(log_Z[log_Z > -INF].sum(), watched.log_emission)
    assert_close(g, ours.emission, scale=10)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("make", HARD)
def test_filtering_survives(make, dtype):
    hmm = make(dtype)
    exact = messages_log(hmm.to(torch.double)).log_softmax(-1).to(dtype)
    exact, ours = exact[hmm.mask], filtering(hmm)[hmm.mask]
    alive = ~exact.isnan()
    assert torch.equal(alive, ~ours.isnan())
    assert_close(ours[alive], exact[alive], scale=10)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("make", [jumps, left_to_right, likely_but_unreachable])
def test_fast_way_is_kept_where_nothing_is_lost(make, dtype):
    """Emissions 1,000 nats apart, and forbidden steps, are no reason to go slowly."""
    with torch.inference_mode():
        kept = sweeps(make(dtype))[1]
    assert kept.lost is None or not kept.lost.any()


def test_padding_is_no_reason_to_go_slowly():
    """State 0 dies out, and would be below the floor long after the sequence has ended."""
    steps = torch.tensor([[-0.92, -0.52], [-138.0, 0.0]], dtype=torch.float32)
    e = torch.zeros(1, 100, 2, dtype=torch.float32)
    for length in (3, 100):
        hmm = HMM(e[0, 0] - 0.7, steps, e, torch.tensor([length]))
        with torch.inference_mode():
            lost = sweeps(hmm.cleaned())[1].lost
        assert (lost is None) == (length == 3)
        assert (log_evidence(hmm.cleaned()) is not None) == (length == 3)
        assert_close(forward(hmm), forward_log(hmm))
    assert log_evidence(random_hmm(5, 40, 3, ragged=True)) is not None
    assert state_posterior(random_hmm(5, 40, 3)) is not None


def test_one_lost_sequence_does_not_touch_the_others():
    lost = overtaken(torch.float32)
    easy = HMM(lost.log_initial, lost.log_transition, torch.randn(2, 30, 2, dtype=torch.float32))
    both = HMM(*easy.potentials[:2], torch.cat([lost.log_emission, easy.log_emission]))
    assert torch.equal(forward(both)[1:], forward(easy))
    assert forward(both)[0] == -1000
    a, b = watch(both), watch(easy)
    (g,), (h,) = (grad(forward(x)[-2:].sum(), x.log_transition, retain_graph=True) for x in (a, b))
    assert_close(g, h)
    assert all(p.isfinite().all() for p in grad(forward(a).sum(), a.potentials))


def test_reachable_against_counting_paths():
    hmm = random_hmm(8, 6, 4, forbid=0.45)
    allowed, possible = reachable(hmm)
    messages = messages_log(hmm)
    for t in range(1, 6):
        into = (messages[:, t - 1, :, None] + hmm.log_transition > -INF).any(1)
        assert torch.equal(allowed[t - 1], into)
    assert torch.equal(possible, forward_log(hmm) > -INF)


@pytest.mark.parametrize("dtype", DTYPES)
def test_long_chains_do_not_underflow(dtype):
    """20,000 equal positions: log p(x) is T log ½, and far below the least number."""
    T = 20_000
    half = torch.full((2, 2), 0.5, dtype=dtype).log()
    hmm = HMM(half[0], half, half[0].expand(1, T, 2))
    exact = T * torch.tensor([0.5], dtype=torch.double).log()
    for log_Z in (forward(hmm), forward(watch(hmm)).detach()):
        assert ((log_Z - exact) / exact).abs() < (1e-12 if dtype == torch.double else 1e-6)
