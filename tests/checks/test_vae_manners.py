"""How unit 03's checks behave: random state, precision, silence, and the power to refuse."""

import pytest
import torch
from torch.distributions import Independent, Normal
from torch.nn.functional import binary_cross_entropy_with_logits

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
    checks.reparameterised_sample_is_exact: sample,
    checks.inverse_cdf_is_exact: logistic,
    checks.pathwise_gradient_is_exact: gradient,
    checks.nelbo_sums_then_averages: loss,
    checks.sampled_elbo_is_exact: elbo,
    checks.ppca_is_optimal: pca,
    checks.vae_is_mended: mended,
    checks.refinement_shrinks_the_gap: climb,
    checks.bits_per_pixel_is_exact: bits,
}
each_check = pytest.mark.parametrize("check", RIGHT, ids=lambda check: check.__name__)


@each_check
def test_right_answers_pass_and_no_random_state_is_left(check, capsys):
    torch.manual_seed(11)
    state = torch.get_rng_state()
    for seed in (1, 2, 77):
        check(RIGHT[check], seed=seed)
    assert torch.equal(torch.get_rng_state(), state)
    out, err = capsys.readouterr()
    assert out.startswith("✓")
    assert err == ""


@each_check
def test_what_is_no_answer_is_refused_with_a_mistake(check):
    for answer in (None, "text", torch.tensor(float("nan"))):
        with pytest.raises(checks.Mistake):
            check(lambda *args, answer=answer: answer, seed=1)


@pytest.mark.parametrize(
    ("check", "shift"),
    [
        (checks.inverse_cdf_is_exact, lambda y: y + 1e-6),
        (checks.sampled_elbo_is_exact, lambda y: y + 1e-6),
        (checks.bits_per_pixel_is_exact, lambda y: y * (1 + 1e-6)),
        (checks.vae_is_mended, lambda y: y + 1e-6),
        (checks.nelbo_sums_then_averages, lambda y: (y[0] + 1e-6, y[1])),
        (checks.ppca_is_optimal, lambda y: (y[0] * (1 + 1e-6), y[1])),
        (checks.pathwise_gradient_is_exact, lambda y: (y[0], y[1] + 1e-6)),
    ],
)
def test_a_small_error_is_refused(check, shift):
    with pytest.raises(checks.Mistake):
        check(lambda *args: shift(RIGHT[check](*args)), seed=1)


@pytest.mark.parametrize("check", [c for c in RIGHT if c is not checks.refinement_shrinks_the_gap])
def test_float32_answers_pass(check):
    def single(*args):
        found = RIGHT[check](*args)
        return tuple(t.float() for t in found) if isinstance(found, tuple) else found.float()

    if check is checks.reparameterised_sample_is_exact:
        with pytest.raises(checks.Mistake, match="its dtype is"):
            check(single, seed=1)
    else:
        check(single, seed=1)


def test_refinement_is_judged_example_by_example():
    def one_forgotten(mean, log_sd, elbo):
        m, a = climb(mean, log_sd, elbo)
        m[0], a[0] = mean[0].detach(), log_sd[0].detach()
        return m, a

    with pytest.raises(checks.Mistake, match="0% of an example's gap is closed"):
        checks.refinement_shrinks_the_gap(one_forgotten, seed=1)
