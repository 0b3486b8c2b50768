"""The assertions of the other files are worth what they can catch."""

import pytest
import torch

from tests.structured import mutants
from tests.structured.problems import assert_close, random_hmm
from tests.structured.test_forward import assert_log_evidence
from tests.structured.test_guard import (
    assert_evidence_survives,
    middling,
    overtaken,
    slowly_overtaken,
    unlikely_steps,
)
from tests.structured.test_marginals import assert_marginals
from tests.structured.test_mean_field import assert_exact_without_transitions
from tests.structured.test_sampling import assert_frequencies
from tests.structured.test_viterbi import assert_best_path
from vilib.structured import (
    HMM,
    forward,
    forward_log,
    marginals,
    mean_field,
    sample_posterior,
    structured_mean_field,
    viterbi,
)


def ragged():
    return HMM(*random_hmm(3, 5, 3).potentials, torch.tensor([2, 3, 4]))


@pytest.mark.parametrize("name", ["transposed", "one_too_long", "one_too_short"])
def test_evidence(name):
    hmm = ragged()
    assert_log_evidence(forward, hmm)
    with pytest.raises(AssertionError):
        assert_log_evidence(getattr(mutants, name), hmm)


def test_a_divisor_forgotten_once():
    hmm = random_hmm(3, 30, 3)
    for right in (forward, mutants.unguarded):
        assert_close(right(hmm), forward_log(hmm))
    with pytest.raises(AssertionError):
        assert_close(mutants.scale_forgotten_once(hmm), forward_log(hmm))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("make", [overtaken, slowly_overtaken, middling, unlikely_steps])
def test_no_guard(make, dtype):
    """Zero mass; and, worse, mass that is not zero but wrong."""
    assert_evidence_survives(make(dtype))
    with pytest.raises(AssertionError):
        assert_evidence_survives(make(dtype), mutants.unguarded)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_guard_against_zero_mass_alone(dtype):
    hmm = slowly_overtaken(dtype)
    assert mutants.unguarded(hmm).isfinite().all()
    with pytest.raises(AssertionError):
        assert_evidence_survives(hmm, mutants.only_zero_mass_is_guarded)


@pytest.mark.parametrize("name", ["without_the_future", "without_the_past"])
def test_marginals(name):
    hmm = random_hmm(3, 4, 3)
    assert_marginals(marginals, hmm)
    with pytest.raises(AssertionError):
        assert_marginals(getattr(mutants, name), hmm)


@pytest.mark.parametrize("name", ["back_pointer_off_by_one", "best_marginals"])
def test_best_path(name):
    hmm = random_hmm(40, 5, 3)
    assert_best_path(viterbi, hmm)
    with pytest.raises(AssertionError):
        assert_best_path(getattr(mutants, name), hmm)


@pytest.mark.parametrize(
    "name", ["samples_of_filtered", "samples_of_marginals", "samples_from_the_front"]
)
def test_samples(name):
    steps = torch.tensor([[0.8, 0.2], [0.3, 0.7]]).log()
    hmm = HMM(torch.tensor([0.6, 0.4]).log(), steps, torch.randn(2, 4, 2))
    assert_frequencies(sample_posterior, hmm)
    with pytest.raises(AssertionError):
        assert_frequencies(getattr(mutants, name), hmm)


@pytest.mark.parametrize("name", ["elbo_without_entropy", "half_the_chains_forgotten"])
def test_mean_field(name):
    for right in (mean_field, structured_mean_field):
        assert_exact_without_transitions(right)
    with pytest.raises(AssertionError):
        assert_exact_without_transitions(getattr(mutants, name))
