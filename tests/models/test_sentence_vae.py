"""The sentence VAE against its exact twins: small languages summed up, a code integrated."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from vilib import bounds, exact
from vilib.datasets import BOS, EOS, PAD, UNK
from vilib.models import (
    Decoder,
    GaussianHead,
    LanguageModel,
    SentenceVAE,
    SphereHead,
    active_units,
    cross_log_prob,
    drop_words,
    framed,
    mutual_information,
)
from vilib.models.decoder import sentence_log_prob

V = 6  # four marks and two words
SENTENCES = torch.tensor([[4, 5, 4], [5, 0, 0], [4, 4, 0]])
MASK = SENTENCES > 0


def vae(code_size=2, head=None, **options):
    torch.manual_seed(3)
    head = head or GaussianHead(8, code_size)
    return SentenceVAE(Decoder(V, code_size, 5, 8, **options), head, 8).double()


KINDS = [{}, {"memory": False}, {"skip": True}, {"memory": False, "skip": True}]


def test_frame():
    frame = framed(SENTENCES, MASK)
    assert frame.inputs.tolist() == [[BOS, 4, 5, 4], [BOS, 5, 0, 0], [BOS, 4, 4, 0]]
    assert frame.targets.tolist() == [[4, 5, 4, EOS], [5, EOS, 0, 0], [4, 4, EOS, 0]]
    assert frame.mask.sum(-1).tolist() == [4, 2, 3]


@pytest.mark.parametrize("options", KINDS)
def test_next_words_are_a_distribution_so_sentences_are(options):
    """Up to three steps: ended sentences and open ends have mass 1 together."""
    torch.manual_seed(1)
    decoder = Decoder(V, 2, 5, 8, **options).double()
    z = torch.randn(1, 1, 2, dtype=torch.double)
    open_ends, ended = {(): 0.0}, 0.0
    for _ in range(3):
        onward = {}
        for words, log_p in open_ends.items():
            inputs = torch.tensor([[BOS, *words]])
            last = decoder(inputs, z)[0, 0, -1].log_softmax(-1)
            ended += torch.tensor(log_p).exp() * last[EOS].exp()
            onward |= {(*words, v): log_p + last[v].item() for v in range(V) if v != EOS}
        open_ends = onward
    rest = torch.tensor(list(open_ends.values())).exp().sum()
    assert (ended + rest).item() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("options", KINDS)
def test_one_sample_at_a_time_gives_the_same(options):
    model = vae(**options)
    z = torch.randn(4, 3, 2, dtype=torch.double)
    together = model.log_likelihood(SENTENCES, MASK, z)
    for s in range(4):
        for b, length in enumerate(MASK.sum(-1)):
            alone = SENTENCES[b : b + 1, :length]
            value = model.log_likelihood(alone, alone > 0, z[s : s + 1, b : b + 1])
            torch.testing.assert_close(together[s, b], value[0, 0])


def test_padding_changes_nothing():
    model = vae()
    wide = torch.cat([SENTENCES, torch.zeros(3, 4, dtype=torch.long)], dim=1)
    q, wider = model.posterior(SENTENCES, MASK), model.posterior(wide, wide > 0)
    torch.testing.assert_close(q.mean, wider.mean)
    z = torch.randn(2, 3, 2, dtype=torch.double)
    torch.testing.assert_close(
        model.log_likelihood(SENTENCES, MASK, z), model.log_likelihood(wide, wide > 0, z)
    )


def test_a_weak_decoder_forgets_all_but_the_last_word():
    decoder = vae(memory=False).decoder
    z = torch.zeros(1, 1, 2, dtype=torch.double)
    one, other = (decoder(torch.tensor([[BOS, first, 4]]), z)[..., -1, :] for first in (4, 5))
    assert torch.equal(one, other)
    strong = vae().decoder
    one, other = (strong(torch.tensor([[BOS, first, 4]]), z)[..., -1, :] for first in (4, 5))
    assert not torch.allclose(one, other)


def test_importance_sampling_finds_the_integral():
    model = vae(code_size=1)
    model.requires_grad_(False)
    points = exact.quadrature(-9.0, 9.0, num=120)
    z = points.values[:, None, None].expand(-1, 3, 1)
    log_p = (model.log_joint(SENTENCES, MASK, z) + points.log_weights[:, None]).logsumexp(0)
    q = model.posterior(SENTENCES, MASK)
    torch.manual_seed(2)
    found = bounds.importance(q, lambda z: model.log_joint(SENTENCES, MASK, z), 20_000)
    assert bool(((found.log_evidence - log_p).abs() < 5 * found.standard_error).all())
    elbo = exact.expectation(
        Normal(q.base_dist.loc[:, 0], q.base_dist.scale[:, 0]),
        lambda z: model.log_likelihood(SENTENCES, MASK, z[..., None]),
        exact.quadrature(-12.0, 12.0, num=200),
    ) - model.rate(q)
    assert bool((elbo < log_p).all())


def test_rate_per_dimension_adds_up():
    model = vae(code_size=3)
    q = model.posterior(SENTENCES, MASK)
    each = model.rate_per_dimension(q)
    assert each.shape == (3, 3)
    torch.testing.assert_close(each.sum(-1), model.rate(q))
    prior = Normal(torch.zeros(3, 3).double(), 1.0)
    torch.testing.assert_close(each, kl_divergence(q.base_dist, prior))


def test_on_a_sphere_the_rate_is_one_number():
    model = vae(code_size=3, head=SphereHead(8, 3, concentration=10.0))
    q = model.posterior(SENTENCES, MASK)
    rate = model.rate(q)
    assert float(rate.std()) < 1e-9
    assert model.rate_per_dimension(q).shape == (3, 1)
    z = q.rsample((2,))
    assert model.log_joint(SENTENCES, MASK, z).shape == (2, 3)
    torch.testing.assert_close(z.norm(dim=-1), torch.ones(2, 3).double())


def test_every_parameter_learns():
    for options in KINDS:
        model = vae(**options)
        q = model.posterior(SENTENCES, MASK)
        loss = model.rate(q) - model.log_likelihood(SENTENCES, MASK, q.rsample((2,))).mean(0)
        loss.mean().backward()
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_language_model_is_the_decoder_without_a_code():
    torch.manual_seed(1)
    model = LanguageModel(Decoder(V, embedding_size=5, hidden=8).double())
    frame = framed(SENTENCES, MASK)
    logits = model.decoder(frame.inputs)
    by_hand = sentence_log_prob(logits, frame.targets, frame.mask)[0]
    assert torch.equal(model.log_prob(SENTENCES, MASK), by_hand)
    assert model.decoder.start is None


def test_word_dropout_spares_bos_and_padding_and_hits_the_rate():
    torch.manual_seed(4)
    inputs = torch.tensor([[BOS, 7, 8, 9, PAD]]).expand(20_000, 5)
    dropped = drop_words(inputs, 0.3)
    assert torch.equal(dropped[:, [0, 4]], inputs[:, [0, 4]])
    share = (dropped[:, 1:4] == UNK).double().mean().item()
    assert abs(share - 0.3) < 5 * (0.3 * 0.7 / 60_000) ** 0.5
    assert set(dropped.unique().tolist()) == {PAD, UNK, BOS, 7, 8, 9}
    assert torch.equal(drop_words(inputs, 0.0), inputs)


def test_active_units_see_the_spread_of_means_and_not_their_size():
    torch.manual_seed(1)
    means = torch.stack([torch.full((500,), 3.0), 0.3 * torch.randn(500)], dim=1)
    assert active_units(means).tolist() == [False, True]


def test_mutual_information_of_gaussian_codes():
    """μ ~ N(0, v), q = N(μ, 1 − v): q(z) is the prior and I = −D/2 log(1 − v)."""
    torch.manual_seed(1)
    v, estimates = 0.5, []
    truth = -torch.tensor(1 - v).log().item()  # two dimensions
    for _ in range(30):
        mean = v**0.5 * torch.randn(400, 2)
        q = torch.distributions.Independent(Normal(mean, (1 - v) ** 0.5), 1)
        estimates.append(mutual_information(cross_log_prob(q, q.sample())))
    found = torch.stack(estimates)
    assert found.mean() < truth + 5 * found.std() / 30**0.5, "its bias is downwards"
    assert found.mean() > truth - 0.05
