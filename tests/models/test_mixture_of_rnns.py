"""The mixture of RNNs: sentences sum to one, the posterior is Bayes' rule, padding is nothing."""

from itertools import product

import torch

from vilib.datasets.text import EOS
from vilib.models import MixtureOfRNNs


def model(K=2, V=6):
    torch.manual_seed(1)
    made = MixtureOfRNNs(V, K, embedding_size=4, hidden=5).double()
    with torch.no_grad():
        made.prior_logits.copy_(torch.randn(K))
    return made


def test_beginnings_and_whole_sentences_sum_to_at_most_one():
    """Over all sentences of up to n words the mass is 1 minus that of the longer ones."""
    mixture, total = model().requires_grad_(False), 0.0
    # words are numbers that are no marks; the marks may be predicted too, so the sum stays below 1
    for length in (1, 2, 3):
        every = torch.tensor(list(product((4, 5), repeat=length)))
        mass = float(mixture.log_evidence(every, every > 0).exp().sum())
        assert 0 < mass < 1
        total += mass
    assert total < 1


def test_components_are_language_models_of_their_own():
    mixture = model(K=3)
    tokens = torch.tensor([[4, 5, 4], [5, 0, 0]])
    mask = tokens > 0
    prior = mixture.prior_logits.log_softmax(-1)
    for k, component in enumerate(mixture.components):
        each = prior[k] + component.log_prob(tokens, mask)
        torch.testing.assert_close(mixture.log_joint(tokens, mask)[:, k], each)
    joint = mixture.log_joint(tokens, mask).exp()
    r = mixture.responsibilities(tokens, mask)
    torch.testing.assert_close(r, joint / joint.sum(-1, keepdim=True))
    torch.testing.assert_close(mixture.log_evidence(tokens, mask), joint.sum(-1).log())


def test_a_step_wise_sum_gives_the_same_number():
    mixture = model(K=1)
    tokens = torch.tensor([[4, 5]])
    decoder = mixture.components[0].decoder
    log_p = decoder(torch.tensor([[2, 4, 5]])).log_softmax(-1)[0, 0]
    expected = log_p[0, 4] + log_p[1, 5] + log_p[2, EOS]
    torch.testing.assert_close(mixture.log_evidence(tokens, tokens > 0)[0], expected)


def test_padding_changes_nothing():
    mixture = model()
    short, padded = torch.tensor([[4, 5]]), torch.tensor([[4, 5, 0, 0]])
    torch.testing.assert_close(
        mixture.responsibilities(short, short > 0), mixture.responsibilities(padded, padded > 0)
    )


def test_the_gradient_is_the_posterior_mean_of_the_joints():
    mixture = model(K=3)
    tokens = torch.tensor([[4, 5, 4], [5, 5, 0]])
    table = mixture.log_joint(tokens, tokens > 0)
    weights = list(mixture.parameters())
    straight = torch.autograd.grad(table.logsumexp(-1).sum(), weights, retain_graph=True)
    q = table.detach().softmax(-1)
    for one, other in zip(straight, torch.autograd.grad((q * table).sum(), weights)):
        torch.testing.assert_close(one, other)
