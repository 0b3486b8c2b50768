"""How unit 02's checks behave: random state, output, time, and what they say to nonsense."""

import time
from itertools import permutations

import pytest
import torch
from torch.nn.functional import one_hot

from vilib import checks


def responsibilities(log_prior, log_words, counts):
    return (log_prior + counts @ log_words.T).softmax(-1)


def m_step(q, counts, smoothing):
    c = q.T @ counts + smoothing
    return q.mean(0).log(), (c / c.sum(-1, keepdim=True)).log()


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.softmax(-1)
    return (torch.where(q > 0, q * log_joint, 0.0) + torch.special.entr(q)).sum(-1)


def em_step(log_prior, log_words, counts, smoothing):
    return m_step(responsibilities(log_prior, log_words, counts), counts, smoothing)


def em_objective(log_prior, log_words, counts, smoothing):
    evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return evidence.sum() + smoothing * log_words.sum()


def match_labels(q, labels):
    K = q.shape[1]
    table = one_hot(labels, K).to(q.dtype).T @ q
    return torch.tensor(max(permutations(range(K)), key=lambda o: table[range(K), o].sum().item()))


def marginal_gradient(log_prior, logits, counts):
    r = responsibilities(log_prior, logits.log_softmax(-1), counts)
    return r.T @ counts - (r.T @ counts.sum(-1))[:, None] * logits.softmax(-1)


def amortised_gap(logits, log_joint):
    log_q, log_p = logits.log_softmax(-1), log_joint.log_softmax(-1)
    return (log_q.exp() * (log_q - log_p)).sum(-1)


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        each = component(tokens).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]
        rows.append((each * mask).sum(-1))
    return (log_prior + torch.stack(rows, -1)).softmax(-1)


RIGHT = {
    "responsibilities_are_exact": (responsibilities,),
    "m_step_is_the_maximiser": (m_step,),
    "bound_touches_the_evidence": (touching_bound,),
    "objective_is_exact": (em_objective,),
    "em_step_is_exact": (em_step,),
    "em_never_falls": (em_step, em_objective),
    "labels_are_matched": (match_labels,),
    "marginal_gradient_is_exact": (marginal_gradient,),
    "amortised_gap_is_exact": (amortised_gap,),
    "rnn_posterior_is_exact": (rnn_posterior,),
}
CASES = pytest.mark.parametrize(("name", "right"), RIGHT.items(), ids=RIGHT)


@CASES
def test_check_says_what_it_saw_and_leaves_the_random_state_alone(name, right, capfd):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    getattr(checks, name)(*right, seed=5)
    out, err = capfd.readouterr()
    assert out.startswith("✓ "), "a test cell without output gets full marks"
    assert not err
    assert torch.equal(before, torch.get_rng_state())


@CASES
@pytest.mark.parametrize(
    "nonsense",
    [None, "0.5", torch.zeros(7, 7, 7), torch.tensor(float("nan")), (1.0, 2.0, 3.0)],
    ids=["None", "text", "shape", "NaN", "three"],
)
def test_nonsense_is_refused_in_words(name, right, nonsense):
    with pytest.raises(checks.Mistake):
        getattr(checks, name)(*[lambda *_: nonsense] * len(right), seed=1)


@CASES
def test_an_answer_that_scribbles_on_its_inputs_is_told_so(name, right):
    def scribbling(*inputs):
        answer = right[0](*(x.clone() if isinstance(x, torch.Tensor) else x for x in inputs))
        for x in inputs:
            if isinstance(x, torch.Tensor) and x.is_floating_point() and not x.requires_grad:
                x.mul_(0)
        return answer

    with pytest.raises(checks.Mistake, match="changed in place"):
        getattr(checks, name)(scribbling, *right[1:], seed=1)


def test_a_step_that_goes_down_is_told_with_its_number():
    def tired(log_prior, log_words, counts, smoothing):
        return log_prior, 0.9 * log_words  # towards zero, and not normalised

    def falling(log_prior, log_words, counts, smoothing):
        return log_words.abs().sum()

    with pytest.raises(checks.Mistake, match="it fell in step 1 of run 1"):
        checks.em_never_falls(tired, falling, seed=1)


@CASES
def test_check_is_quick(name, right):
    getattr(checks, name)(*right, seed=1)  # the first call pays for torch's own start
    started = time.process_time()
    getattr(checks, name)(*right, seed=2)
    assert time.process_time() - started < 0.3


@pytest.mark.parametrize("seed", range(20, 60))
def test_right_answers_pass_under_many_seeds(seed):
    for name, right in RIGHT.items():
        getattr(checks, name)(*right, seed=seed)
