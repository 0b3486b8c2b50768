"""What stands at padding changes nothing: not its tokens, not its z, not its amount."""

import pytest
import torch

from tests.models.sentences import CLASSIFIERS, LABEL, MASK, SELECTORS, TOKENS, E, V, model, table
from vilib.models import BidirectionalLSTM


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        yield


def garbage():
    """Other words at padding, the mask being the same."""
    return torch.where(MASK, TOKENS, torch.randint(1, V, TOKENS.shape))


def wider(tensor, value):
    """Three more columns of padding."""
    return torch.nn.functional.pad(tensor, (0, 3), value=value)


@pytest.mark.parametrize("name", SELECTORS)
def test_selectors(name):
    selector = SELECTORS[name](table()).double()
    logits = selector(TOKENS, MASK)
    assert torch.equal(selector(garbage(), MASK)[MASK], logits[MASK])
    more = selector(wider(TOKENS, 5), wider(MASK, False))[:, : MASK.shape[1]]
    torch.testing.assert_close(more[MASK], logits[MASK], rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers(name):
    classifier = CLASSIFIERS[name](table()).double().eval()
    z = torch.randint(0, 2, (5, *MASK.shape)).double()
    logits = classifier(TOKENS, MASK, z)
    assert torch.equal(classifier(garbage(), MASK, z), logits)
    assert torch.equal(classifier(TOKENS, MASK, torch.where(MASK, z, 1 - z)), logits)
    more = classifier(wider(TOKENS, 5), wider(MASK, False), wider(z, 1.0))
    torch.testing.assert_close(more, logits, rtol=0, atol=1e-14)


@pytest.mark.parametrize("selector", SELECTORS)
def test_model_values(selector):
    m = model(selector, "lstm")
    z = m.posterior(TOKENS, MASK).sample((3,))
    for tokens, mask, selection, label in (
        (garbage(), MASK, z, LABEL),
        (wider(TOKENS, 5), wider(MASK, False), wider(z, 0.0), LABEL),
    ):
        q, plain = m.posterior(tokens, mask), m.posterior(TOKENS, MASK)
        pairs = (
            (q.log_prob(selection), plain.log_prob(z)),
            (m.rate(q, mask), m.rate(plain, MASK)),
            (m.log_joint(tokens, mask, selection, label), m.log_joint(TOKENS, MASK, z, LABEL)),
        )
        for yours, truth in pairs:
            torch.testing.assert_close(yours, truth, rtol=0, atol=1e-13)


def test_posterior_never_selects_padding_and_gives_it_no_gradient():
    m = model()
    logits = m.selector(TOKENS, MASK)
    logits.retain_grad()
    m.selector.forward = lambda tokens, mask: logits
    q = m.posterior(TOKENS, MASK)
    z = q.sample((200,))
    assert not z[:, ~MASK].any()
    (q.log_prob(z).sum() + m.rate(q, MASK).sum()).backward()
    assert torch.equal(logits.grad[~MASK], torch.zeros(int((~MASK).sum())).double())
    assert (logits.grad[MASK] != 0).all()
    assert (m.prior(MASK).log_prob(z).isfinite()).all()


def test_lstm_reads_both_ways():
    lstm = BidirectionalLSTM(E, 4).double()
    x, mask = torch.randn(1, 3, E).double(), torch.ones(1, 3, dtype=torch.bool)
    states, final = lstm(x, mask)
    torch.testing.assert_close(states[:, :, :4], lstm.forwards(x)[0])
    torch.testing.assert_close(states[:, :, 4:], lstm.backwards(x.flip(1))[0].flip(1))
    torch.testing.assert_close(final, torch.cat([states[:, -1, :4], states[:, 0, 4:]], -1))
