"""VAEs whose posterior or prior bends, in two latent dimensions, where everything integrates."""

import math

import pytest
import torch

from vilib import exact
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.datasets import digits
from vilib.models.flow_presets import FlowPreset
from vilib.models.flow_vae import FlowVAE, build_layers, train_flow_vae
from vilib.models.vae_presets import VAEPreset
from vilib.models.vae_report import report

PRESET = FlowPreset(
    context_hidden=8,
    vae=VAEPreset(
        hidden=6, num_latents=2, num_steps=6, batch_size=50, num_train=None, num_test=None
    ),
)
KINDS = ("Gaussian", "planar", "coupling", "IAF")
PLANE = exact.quadrature(-8.0, 8.0, 240, dim=2)
# an untrained IAF stretches and squeezes a lot
WIDE = exact.quadrature(-15.0, 15.0, 800, dim=2)
X = torch.tensor([[1.0, 0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]])


def model(**options):
    torch.manual_seed(1)
    return FlowVAE(5, PRESET, **options)


def whole_plane(log_density, points=PLANE):
    """log of the integral over the plane, of `[N, 1, 2]` → `[N, B]`."""
    with torch.no_grad():
        return exact.log_evidence(lambda z: log_density(z.float()[:, None]), points)


@pytest.mark.parametrize("kind", KINDS)
def test_posterior_is_a_density_for_each_picture(kind):
    q = model(posterior=kind, num_layers=2).posterior(X)
    assert (q.batch_shape, q.event_shape) == ((2,), (2,))
    points = WIDE if kind == "IAF" else PLANE
    mass = whole_plane(lambda z: q.log_prob(z.expand(-1, 2, 2)), points)
    torch.testing.assert_close(mass.exp(), torch.ones(2).double(), rtol=0.01, atol=0.01)


def test_the_plain_prior_is_the_standard_gaussian():
    z = torch.tensor([[1.0, 2.0]])
    assert model().prior().log_prob(z).item() == pytest.approx(-2.5 - math.log(2 * math.pi))


def test_a_bent_priors_density_is_that_of_autograds_jacobian():
    prior = model(prior_layers=3).prior()
    noise = torch.randn(4, 2)
    log_det = log_det_by_autograd(prior.transform, noise)
    truth = prior.base_dist.log_prob(noise) - log_det
    torch.testing.assert_close(prior.log_prob(prior.transform(noise)), truth, rtol=0, atol=1e-4)
    assert prior.sample((3,)).shape == (3, 2)


@pytest.mark.parametrize("options", [{"posterior": "planar"}, {"prior_layers": 2}], ids=str)
def test_elbo_and_kl_make_the_evidence(options):
    vae = model(**options)
    with torch.no_grad():
        log_p = whole_plane(lambda z: vae.log_joint(X, z.expand(-1, 2, 2)))
        q = vae.posterior(X)

        def gap(z):
            z = z.float()[:, None].expand(-1, 2, 2)
            log_q = q.log_prob(z).double()
            return log_q.exp() * (log_q - vae.log_joint(X, z).double() + log_p)

        kl = (gap(PLANE.values) * PLANE.log_weights.exp()[:, None]).sum(0)
        torch.manual_seed(2)
        terms = [vae.terms(X, 500).elbo for _ in range(40)]
    elbo = torch.stack(terms).double()
    error = elbo.std(0) / 40**0.5
    assert bool(((elbo.mean(0) + kl - log_p).abs() < 5 * error + 1e-3).all())


def test_terms_train_every_parameter():
    for options in ({"posterior": kind} for kind in KINDS):
        vae = model(**options)
        vae.terms(X, 3).elbo.mean().backward()
        assert all(p.grad is not None for p in vae.parameters())
    vae = model(prior_layers=2)
    vae.terms(X, 3).elbo.mean().backward()
    assert all(p.grad is not None for p in vae.prior_layers.parameters())


def test_a_wider_encoder_leaves_the_decoder_alone():
    plain, wide = model(), model(hidden=20)
    shapes = [[p.shape for p in vae.decoder.parameters()] for vae in (plain, wide)]
    assert shapes[0] == shapes[1]
    assert wide.encoder[0].out_features == 20


def test_an_unknown_posterior_is_refused():
    with pytest.raises(ValueError, match="no posterior 'spline'"):
        build_layers("spline", 2, 4, 1, (8,))


def test_a_run_is_the_same_again_and_can_be_reported():
    images = digits()
    runs = [
        train_flow_vae(
            images, lambda P: FlowVAE(P, PRESET, "planar"), PRESET, seed=3, progress=False
        )
        for _ in range(2)
    ]
    assert runs[0].history["loss"] == runs[1].history["loss"]
    torch.manual_seed(1)
    found = report(runs[0].model, images.binarised().test.flat[:20], num_samples=50)
    assert found.elbo < found.log_evidence
