"""How unit 07's checks behave: random state, output, time, and what they say to nonsense."""

import math
import time

import pytest
import torch

from vilib import checks


def log_likelihood(logits, targets, mask):
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (each * mask).sum(-1)


def rate_and_distortion(data, q, prior, log_p):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    return data @ kl, -data @ (q * log_p).sum(-1)


def mutual_information(log_q):
    return (log_q.diagonal() - log_q.logsumexp(1) + math.log(len(log_q))).mean()


def perplexity(log_weights, num_words):
    log_p = log_weights.logsumexp(0) - math.log(len(log_weights))
    return (-log_p.sum() / num_words.sum()).exp()


def drop_words(inputs, noise, rate):
    return inputs.masked_fill((inputs > 2) & (noise < rate), 1)


RIGHT = {
    "sentence_log_likelihood_is_exact": log_likelihood,
    "rate_and_distortion_are_exact": rate_and_distortion,
    "collapse_is_reached": rate_and_distortion,
    "kl_per_dimension_is_exact": lambda m, a: 0.5 * (m**2 + a.exp() - a - 1),
    "active_units_are_counted": lambda means, threshold: (means.var(0) > threshold).sum(),
    "linear_beta_is_exact": lambda step, warm_up: min(1.0, step / warm_up) if warm_up else 1.0,
    "cyclical_beta_is_exact": lambda step, cycle, rise: min(1.0, step % cycle / rise),
    "free_bits_are_exact": lambda kl, free: kl.mean(0).clamp(min=free).sum(),
    "rate_stays_above_free_bits": lambda kl, free: kl.mean(0).clamp(min=free).sum(),
    "words_are_dropped": drop_words,
    "mutual_information_is_exact": mutual_information,
    "perplexity_is_exact": perplexity,
}
# these hand over what learns, or plain numbers, or stand beside a check of the same function
LEAVES_ALONE = (
    "collapse_is_reached",
    "linear_beta_is_exact",
    "cyclical_beta_is_exact",
    "free_bits_are_exact",
    "rate_stays_above_free_bits",
)
CASES = pytest.mark.parametrize(("name", "right"), RIGHT.items(), ids=RIGHT)


@CASES
def test_check_says_what_it_saw_and_leaves_the_random_state_alone(name, right, capfd):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    getattr(checks, name)(right, seed=5)
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
        getattr(checks, name)(lambda *_: nonsense, seed=1)


@CASES
def test_an_answer_that_scribbles_on_its_inputs_is_told_so(name, right):
    def scribbling(*inputs):
        answer = right(*(x.clone() if isinstance(x, torch.Tensor) else x for x in inputs))
        for x in inputs:
            if isinstance(x, torch.Tensor) and not x.requires_grad and x.is_floating_point():
                x.add_(1)
        return answer

    if name in LEAVES_ALONE:
        pytest.skip("nothing to scribble on")
    with pytest.raises(checks.Mistake, match="changed in place"):
        getattr(checks, name)(scribbling, seed=1)


@CASES
def test_check_is_quick(name, right):
    getattr(checks, name)(right, seed=1)  # the first call pays for torch's own start
    spent = []
    for seed in (2, 3):
        started = time.process_time()
        getattr(checks, name)(right, seed=seed)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.3


@pytest.mark.parametrize("seed", range(20, 40))
def test_right_answers_pass_under_many_seeds(seed):
    for name, right in RIGHT.items():
        getattr(checks, name)(right, seed=seed)
