"""How unit 03's checks behave: random state, precision, silence, and the power to refuse."""

import pytest
import torch
from torch.distributions import Independent, Normal
from torch.nn.functional import binary_cross_entropy_with_logits

from tests.checks.manners import Manners, broken
from vilib import checks


def sample(mean, log_variance, noise):
    return mean + (log_variance / 2).exp() * noise


def logistic(u, mean, scale):
    return mean + scale * u.logit()


def gradient(slope, mean, log_sd, noise):
    step = log_sd.exp() * noise
    g = slope(mean + step)
    return g.mean(0), (g * step).mean(0)


def loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    return rate.mean() - log_likelihood.mean(), rate


def elbo(z, x, q, weight, offset, scale):
    told = Independent(Normal(z @ weight.T + offset, scale), 1).log_prob(x)
    return (told + Normal(0.0, 1.0).log_prob(z).sum(-1) - q.log_prob(z)).mean(0)


def pca(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values[:-num_latents].mean()
    return vectors[:, -num_latents:] * (values[-num_latents:] - noise).sqrt(), noise


def mended(x, encode, decode, noise):
    mean, log_variance = encode(x).chunk(2, -1)
    a = decode(sample(mean, log_variance, noise))
    told = binary_cross_entropy_with_logits(a, x, reduction="none").sum(-1)
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    return (told + rate).mean()


def climb(mean, log_sd, elbo):
    q = [t.detach().clone().requires_grad_() for t in (mean, log_sd)]
    adam = torch.optim.Adam(q, lr=0.05)
    for _ in range(300):
        adam.zero_grad()
        (-elbo(*q).sum()).backward()
        adam.step()
    return tuple(t.detach() for t in q)


def bits(log_density, num_pixels, num_levels):
    L = torch.tensor(float(num_levels), dtype=log_density.dtype)
    return -log_density / num_pixels / 0.6931471805599453 + L.log2()


RIGHT = {
    "reparameterised_sample_is_exact": (sample,),
    "inverse_cdf_is_exact": (logistic,),
    "pathwise_gradient_is_exact": (gradient,),
    "nelbo_sums_then_averages": (loss,),
    "sampled_elbo_is_exact": (elbo,),
    "ppca_is_optimal": (pca,),
    "vae_is_mended": (mended,),
    "refinement_shrinks_the_gap": (climb,),
    "bits_per_pixel_is_exact": (bits,),
}


class TestManners(Manners):
    RIGHT = RIGHT


@pytest.mark.parametrize(
    ("check", "shift"),
    [
        ("inverse_cdf_is_exact", lambda y: y + 1e-6),
        ("sampled_elbo_is_exact", lambda y: y + 1e-6),
        ("bits_per_pixel_is_exact", lambda y: y * (1 + 1e-6)),
        ("vae_is_mended", lambda y: y + 1e-6),
        ("nelbo_sums_then_averages", lambda y: (y[0] + 1e-6, y[1])),
        ("ppca_is_optimal", lambda y: (y[0] * (1 + 1e-6), y[1])),
        ("pathwise_gradient_is_exact", lambda y: (y[0], y[1] + 1e-6)),
    ],
)
def test_a_small_error_is_refused(check, shift):
    with pytest.raises(checks.Mistake):
        getattr(checks, check)(lambda *args: shift(RIGHT[check][0](*args)), seed=1)


@pytest.mark.parametrize("check", sorted(RIGHT.keys() - {"refinement_shrinks_the_gap"}))
def test_float32_answers_pass(check):
    single = broken(RIGHT[check][0], lambda value: value.float())
    if check == "reparameterised_sample_is_exact":
        with pytest.raises(checks.Mistake, match="its dtype is"):
            getattr(checks, check)(single, seed=1)
    else:
        getattr(checks, check)(single, seed=1)


def test_refinement_is_judged_example_by_example():
    def one_forgotten(mean, log_sd, elbo):
        m, a = climb(mean, log_sd, elbo)
        m[0], a[0] = mean[0].detach(), log_sd[0].detach()
        return m, a

    with pytest.raises(checks.Mistake, match="0% of an example's gap is closed"):
        checks.refinement_shrinks_the_gap(one_forgotten, seed=1)
