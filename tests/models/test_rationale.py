"""The rationale model against enumeration."""

import pytest
import torch

from tests.models.sentences import CLASSIFIERS, LABEL, MASK, TOKENS, model, table
from vilib import exact
from vilib.estimators import Enumeration
from vilib.models import BagSelector, RationaleModel


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng():
        torch.manual_seed(2)
        yield


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_all_words_selected_is_the_full_text(name):
    classifier = CLASSIFIERS[name](table()).double().eval()
    full = classifier(TOKENS, MASK)
    assert full.shape == (3, 5)
    assert torch.equal(classifier(TOKENS, MASK, torch.ones(TOKENS.shape)), full)
    twice = classifier(TOKENS, MASK, torch.ones(2, *TOKENS.shape))
    torch.testing.assert_close(twice, full.expand(2, -1, -1), rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_each_sample_and_sentence_is_read_for_itself(name):
    classifier = CLASSIFIERS[name](table()).double().eval()
    z = torch.randint(0, 2, (4, *MASK.shape)).double()
    together = classifier(TOKENS, MASK, z)
    for s in range(4):
        for b in range(3):
            alone = classifier(TOKENS[b : b + 1], MASK[b : b + 1], z[s, b : b + 1])
            torch.testing.assert_close(alone[0], together[s, b])


def test_unselected_words_are_not_seen_by_a_bag():
    m = model(classifier="bag")
    z = torch.tensor([[1.0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0]])
    other = TOKENS.clone()
    other[0, 1], other[1, 0] = 4, 4
    assert torch.equal(m.classify(other, MASK, z), m.classify(TOKENS, MASK, z))


@pytest.mark.parametrize("prior_rate", [0.05, 0.5, 0.8])
def test_rate_is_the_kl_by_enumeration(prior_rate):
    m = model(prior_rate=prior_rate)
    q = m.posterior(TOKENS, MASK)
    by_enumeration = -exact.elbo(q, lambda z: m.prior(MASK).log_prob(z))
    torch.testing.assert_close(m.rate(q, MASK), by_enumeration)


def test_elbo_is_below_the_evidence_and_meets_it_at_the_posterior():
    m = model()
    tokens, mask, label = TOKENS[:1], MASK[:1], LABEL[:1]
    points = exact.enumerate_support(m.posterior(tokens, mask))

    def log_joint(z):
        return m.log_joint(tokens, mask, z.reshape(-1, 1, 4), label)

    evidence = exact.log_evidence(log_joint, points)
    q = m.posterior(tokens, mask)
    gap = evidence - exact.elbo(q, log_joint)
    weights = exact.posterior(log_joint, points)
    log_q = q.log_prob(points.values.reshape(-1, 1, 4))
    kl = (log_q.exp() * (log_q - weights)).sum(0)
    assert (gap > 0).all()
    torch.testing.assert_close(gap, kl)


def test_log_likelihood_is_normalised():
    m = model(classifier="lstm")
    z = m.posterior(TOKENS, MASK).sample((3,))
    each = [m.log_likelihood(TOKENS, MASK, z, torch.full((3,), y)) for y in range(5)]
    torch.testing.assert_close(torch.stack(each).exp().sum(0), torch.ones(3, 3).double())


def test_sampled_elbo_has_the_exact_mean():
    m = model()
    q = m.posterior(TOKENS, MASK)
    truth = exact.elbo(q, lambda z: m.log_joint(TOKENS, MASK, z, LABEL))
    draws = torch.stack([m.elbo(TOKENS, MASK, LABEL, 10).detach() for _ in range(400)])
    error = draws.std(0) / 20
    assert ((draws.mean(0) - truth).abs() < 5 * error).all()


def test_enumeration_trains_selector_and_classifier():
    m = model()
    q = m.posterior(TOKENS, MASK)
    surrogate = Enumeration()(q, lambda z: m.log_likelihood(TOKENS, MASK, z, LABEL))
    surrogate.sum().backward()
    assert all(p.grad is not None for p in m.parameters())


def test_selection_is_the_likeliest_one():
    m = model()
    q = m.posterior(TOKENS, MASK)
    points = exact.enumerate_support(q)
    log_q = q.log_prob(points.values.unsqueeze(1).expand(-1, 3, -1))
    assert torch.equal(m.select(TOKENS, MASK), points.values[log_q.argmax(0)])


@pytest.mark.parametrize("name", ["bag", "convolution", "lstm"])
def test_selectors_start_open(name):
    assert (model(name).posterior(TOKENS, MASK).base_dist.probs[MASK] > 0.8).all()


def test_prior_rate_must_be_a_probability():
    with pytest.raises(ValueError, match="prior_rate is 1"):
        RationaleModel(BagSelector(table()), torch.nn.Identity(), prior_rate=1)


def test_a_shared_table_is_one_parameter():
    m = model()
    assert sum("table" in name for name, _ in m.named_parameters()) == 1
