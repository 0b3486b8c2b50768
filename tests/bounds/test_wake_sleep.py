"""What the two phases of wake-sleep climb: one the ELBO, the other not."""

import pytest
import torch
from torch.distributions import Bernoulli, Normal

from tests.bounds import mutants
from tests.bounds.problems import BernoulliVAE, agree, rounding
from vilib import exact
from vilib.bounds import elbo, sleep, wake


class Tiny:
    """Two bits z, two bits x; q(z | x) from a linear encoder with bias. All (x, z): 16 pairs."""

    def __init__(self):
        self.V = torch.tensor([[0.5, -1.0], [0.3, 0.8]])
        self.v = torch.tensor([0.2, -0.3])
        self.W = torch.tensor([[1.5, -0.4], [-2.0, 1.0]])
        self.prior_logits = torch.tensor([0.4, -0.6])
        self.leaves = [self.V, self.v, self.W, self.prior_logits]
        for p in self.leaves:
            p.requires_grad_()
        bits = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        self.bits, self.x, self.z = bits, bits.repeat_interleave(4, 0), bits.repeat(4, 1)

    def posterior(self, x):
        return BernoulliVector(logits=x @ self.V + self.v)

    def log_joint(self):
        """log p(x, z) of the 16 pairs, z fastest."""
        prior = BernoulliVector(logits=self.prior_logits)
        return prior.log_prob(self.z) + BernoulliVector(logits=self.z @ self.W).log_prob(self.x)

    def log_q(self):
        return self.posterior(self.x).log_prob(self.z)


class BernoulliVector(Bernoulli):
    """A Bernoulli whose log mass is that of the whole vector."""

    def log_prob(self, value):
        return super().log_prob(value).sum(-1)


def expected_gradient(phase):
    """∇ of E_{p(x, z)}[phase] in λ and θ by enumeration of all dreams."""
    model = Tiny()
    mass = model.log_joint().exp().detach()
    # a dream that depends on θ, as a reparameterised one would; its value is the same
    carry = (model.W.sum() + model.prior_logits.sum()) * 1.0
    x, z = (d + (carry - carry.detach()) for d in (model.x, model.z))
    value = (mass * phase(model.posterior, x, z)).sum()
    grads = torch.autograd.grad(value, model.leaves, allow_unused=True, materialize_grads=True)
    return grads[:2], grads[2:]


def reversed_kl(model):
    """E_{p(x)}[KL(p(z | x) ‖ q(z | x))], from the definition."""
    log_p = model.log_joint().reshape(4, 4)
    log_post = log_p.log_softmax(1)
    gap = (log_post.exp() * (log_post - model.log_q().reshape(4, 4))).sum(1)
    return (log_p.logsumexp(1).exp() * gap).sum()


def forward_kl(model):
    """E_{p(x)}[KL(q(z | x) ‖ p(z | x))]: what the ELBO leaves, on the same x."""
    log_p, log_q = model.log_joint().reshape(4, 4), model.log_q().reshape(4, 4)
    gap = (log_q.exp() * (log_q - log_p.log_softmax(1))).sum(1)
    return (log_p.logsumexp(1).exp().detach() * gap).sum()


def assert_sleep(phase):
    """The reversed KL's gradient in λ, none in θ."""
    in_lambda, in_theta = expected_gradient(phase)
    model = Tiny()
    for got, want in zip(in_lambda, torch.autograd.grad(-reversed_kl(model), model.leaves[:2])):
        agree(got, want)
    assert all((g == 0).all() for g in in_theta), "θ receives a gradient"


def test_sleep_descends_the_reversed_kl():
    assert_sleep(sleep)


def not_detached(posterior, x, z):
    """Dreams keep their graph."""
    return posterior(x).log_prob(z)


@pytest.mark.parametrize(
    ("mutant", "fault"), [(mutants.sleep_wrong_side, "off by"), (not_detached, "θ receives")]
)
def test_mutants_die(mutant, fault):
    with pytest.raises(AssertionError, match=fault):
        assert_sleep(mutant)


def test_sleep_is_not_the_elbos_gradient():
    in_lambda, _ = expected_gradient(sleep)
    model = Tiny()
    forward = torch.autograd.grad(-forward_kl(model), model.leaves[:2])
    a, b = (torch.cat([g.flatten() for g in grads]) for grads in (in_lambda, forward))
    assert (a - b).norm() > 0.1 * b.norm()
    # where q is the posterior (here: x says nothing of z) both vanish
    for kl in (forward_kl, reversed_kl):
        model = Tiny()
        with torch.no_grad():
            model.W.zero_()
            model.V.zero_()
            model.v.copy_(model.prior_logits)
        for g in torch.autograd.grad(kl(model), model.leaves[:2]):
            assert g.abs().max() < rounding()


def test_wake_is_the_elbos_gradient_in_the_model():
    model = BernoulliVAE()
    q, mass = model.at_codes()
    found = (mass.detach() * wake(q, model.log_joint)).sum(0)
    elbo_value = exact.elbo(model.q, model.log_joint)
    agree(found, elbo_value.to(found))
    got = torch.autograd.grad(found.sum(), model.leaves, allow_unused=True)
    want = torch.autograd.grad(elbo_value.sum(), model.leaves)
    assert got[0] is None, "λ receives a gradient"
    for a, b in zip(got[1:], want[1:]):
        agree(a, b, size=10)


def test_wake_at_reparameterised_samples():
    # the same z for both: equal in θ sample by sample, and nothing in λ
    loc = torch.tensor([0.3], requires_grad=True)
    theta = torch.tensor([0.7], requires_grad=True)
    z = torch.tensor([[0.5], [-1.0]])
    q, prior = Normal(loc, 1.0), Normal(torch.zeros(1), 1.0)
    q.rsample = lambda shape: z + (loc - loc.detach())
    likelihood = lambda z: Normal(theta * z, 1.0).log_prob(torch.tensor(1.2))  # noqa: E731
    found = wake(q, lambda z: prior.log_prob(z) + likelihood(z), 2)
    truth = elbo(q, likelihood, prior, 2, kl="sampled")
    agree(found, truth)
    got = torch.autograd.grad(found.sum(), [theta, loc], allow_unused=True)
    assert got[1] is None
    agree(got[0], torch.autograd.grad(truth.sum(), theta)[0])


def test_refusals():
    x = torch.zeros(5, 2)
    with pytest.raises(ValueError, match="one value per dream"):
        sleep(lambda x: Bernoulli(logits=x), x, torch.zeros(5, 2))
    with pytest.raises(ValueError, match="at least 1"):
        wake(Bernoulli(torch.zeros(2)), lambda z: z, 0)
