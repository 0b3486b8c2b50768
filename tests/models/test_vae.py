"""The VAE against a grid over its plane, the linear one against everything, and refinement."""

import pytest
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from vilib import exact
from vilib.bounds import rate_distortion
from vilib.figures.latent_map_plane import PlaneModel
from vilib.models.linear_vae import LinearVAE, ppca
from vilib.models.local_refinement import refine
from vilib.models.vae import VAE
from vilib.models.vae_report import report


@pytest.fixture
def sheets():
    return (torch.rand(6, 9, generator=torch.Generator().manual_seed(3)) < 0.4).float()


@pytest.fixture
def model(sheets):
    torch.manual_seed(5)
    return VAE(9, 2, 8)


@pytest.fixture
def linear():
    torch.manual_seed(4)
    model = LinearVAE(5, 2).double()
    with torch.no_grad():
        model.encoder.normal_(0, 0.3)
        model.log_posterior_scale.copy_(torch.tensor([-0.4, -0.9]))
        model.log_scale.fill_(-0.3)
        model.offset.normal_()
    return model


def joint_on_grid(model, x, points):
    """log p(x, z) of one picture at the nodes, by the model's own methods."""
    z = points.values.float()[:, None]
    return model.log_joint(x[None], z)[:, 0].double()


def test_importance_sampling_and_bound_against_the_grid(model, sheets):
    points = exact.quadrature(-6.0, 6.0, 100, dim=2)
    truth = torch.stack(
        [exact.log_evidence(lambda z, x=x: joint_on_grid(model, x, points), points) for x in sheets]
    )
    torch.manual_seed(1)
    found = report(model, sheets, 4000)
    assert found.log_evidence == pytest.approx(
        float(truth.detach().mean()), abs=5 * found.sampling_error
    )
    assert found.elbo < float(truth.detach().mean())
    assert found.elbo == pytest.approx(found.reconstruction - found.rate, abs=1e-4)
    assert found.bits == pytest.approx(-found.log_evidence / 9 / 0.693147, rel=1e-5)
    assert 1 <= found.effective <= 4000
    plane = PlaneModel(model, sheets, torch.arange(6))
    torch.testing.assert_close(plane.evidence, truth, rtol=1e-5, atol=1e-5)


def test_closed_and_sampled_rate_agree(model, sheets):
    torch.manual_seed(2)
    q = model.posterior(sheets)
    terms = model.terms(sheets, 4000)
    expected = kl_divergence(q, model.prior().expand(q.batch_shape))
    torch.testing.assert_close(terms.rate, expected)
    sampled = rate_distortion(
        q, lambda z: model.log_likelihood(sheets, z), model.prior(), 4000, kl="sampled"
    )
    assert float((sampled.rate - expected).detach().abs().max()) < 0.1


def test_every_parameter_learns(model, sheets):
    (-model.terms(sheets).elbo.mean()).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_linear_posterior_and_evidence_follow_bayes(linear):
    x = torch.randn(3, 5, dtype=torch.double)
    z = torch.randn(3, 2, dtype=torch.double)
    told = Normal(z @ linear.weight.T + linear.offset, linear.log_scale.exp()).log_prob(x).sum(-1)
    prior = Normal(0.0, 1.0).log_prob(z).sum(-1)
    bayes = linear.log_evidence(x) + linear.exact_posterior(x).log_prob(z)
    torch.testing.assert_close(told + prior, bayes)


def test_linear_elbo_is_evidence_less_the_gap(linear):
    x = torch.randn(4, 5, dtype=torch.double)
    q = linear.posterior(x)
    full = MultivariateNormal(q.mean, torch.diag_embed(q.variance))
    gap = kl_divergence(full, linear.exact_posterior(x))
    torch.testing.assert_close(linear.elbo(x) + gap, linear.log_evidence(x))


@pytest.mark.parametrize("rows", [80, 4])
def test_ppca_is_stationary_and_no_neighbour_is_better(rows):
    torch.manual_seed(6)
    x = torch.randn(rows, 6, dtype=torch.double) @ torch.randn(6, 6, dtype=torch.double)
    W, b, s = (t.detach().requires_grad_() for t in ppca(x, 2))

    def log_p(W, b, s):
        noise = s**2 * torch.eye(6, dtype=torch.double)
        return MultivariateNormal(b, W @ W.T + noise).log_prob(x).mean()

    best = log_p(W, b, s)
    assert max(float(g.abs().max()) for g in torch.autograd.grad(best, (W, b, s))) < 1e-8
    for _ in range(20):
        near = [t.detach() + 0.05 * torch.randn_like(t) for t in (W, b, s)]
        assert float(log_p(*near)) < float(best.detach())
    with pytest.raises(ValueError, match="expected fewer"):
        ppca(x, 6)


def test_refinement_finds_the_best_diagonal_gaussian(linear):
    torch.manual_seed(7)
    x = torch.randn(4, 5, dtype=torch.double)

    def told(z):
        mean = z @ linear.weight.T + linear.offset
        return Normal(mean, linear.log_scale.exp()).log_prob(x).sum(-1)

    prior = Independent(Normal(torch.zeros(2, dtype=torch.double), 1.0), 1)
    better = refine(linear.posterior(x), told, prior, num_steps=400, num_samples=64)
    posterior = linear.exact_posterior(x)
    precision = posterior.precision_matrix.diagonal(dim1=-2, dim2=-1)
    assert float((better.mean - posterior.mean).detach().abs().max()) < 0.05
    assert float((better.variance * precision - 1).detach().abs().max()) < 0.1
    assert all(p.grad is None for p in linear.parameters())
    assert not better.mean.requires_grad
    for wrong in (0, 3):
        with pytest.raises(ValueError, match="expected an even number"):
            refine(linear.posterior(x), told, prior, num_samples=wrong)
