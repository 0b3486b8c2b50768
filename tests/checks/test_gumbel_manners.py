"""How unit 05's checks behave: random state, output, time, and what they say to nonsense."""

from typing import ClassVar

import pytest
import torch
from torch.distributions import OneHotCategorical, RelaxedOneHotCategorical, kl_divergence
from torch.nn.functional import one_hot

from tests.checks.manners import Manners
from vilib import checks


def inverse_cdf(probs, u):
    return one_hot((u[:, None] > probs.cumsum(-1)[:-1]).sum(-1), len(probs)).to(probs)


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)


def gumbel_max(logits, u):
    keys = logits - torch.log(-torch.log(u))
    return one_hot(keys.argmax(-1), logits.shape[-1]).double()


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    t = torch.tensor(temperature, dtype=s.dtype)
    return RelaxedOneHotCategorical(t, logits=logits, validate_args=False).log_prob(s)


def undecided(logits, temperature, margin):
    edge = temperature * torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    return torch.sigmoid(edge - logits) - torch.sigmoid(-edge - logits)


def straight_through(logits, noise, temperature):
    soft = concrete_sample(logits, noise, temperature)
    return one_hot(soft.argmax(-1), soft.shape[-1]) + soft - soft.detach()


def z_scores(gradients, exact):
    error = gradients.std(0) / len(gradients) ** 0.5
    return ((gradients.mean(0) - exact) / error).nan_to_num()


def is_biased(gradients, exact):
    return bool((z_scores(gradients, exact).abs() > 5).any())


def best_temperature(gradients, exact, temperatures, num_samples):
    bias = gradients.mean(0) - exact
    errors = bias**2 + gradients.var(0, unbiased=False) / num_samples
    return errors, temperatures[errors.argmin()]


def dice_elbo(log_likelihood, z, logits, prior_logits):
    q, p = OneHotCategorical(logits=logits), OneHotCategorical(logits=prior_logits)
    return log_likelihood.mean(0) - kl_divergence(q, p).sum(-1)


class TestManners(Manners):
    RIGHT: ClassVar = {
        "inverse_cdf_is_flat": (inverse_cdf, slope_of_sample),
        "gumbel_max_has_the_frequencies": (gumbel_max,),
        "concrete_sample_is_exact": (concrete_sample,),
        "concrete_density_is_exact": (concrete_log_density,),
        "undecided_is_exact": (undecided,),
        "is_one_hot_with_a_soft_slope": (straight_through,),
        "bias_is_detected": (z_scores, is_biased),
        "temperature_is_best": (best_temperature,),
        "dice_elbo_is_exact": (dice_elbo,),
    }


@pytest.mark.parametrize("temperature", [0.5, 0.75, 2.0])
@pytest.mark.parametrize("num_faces", [2, 3, 6])
def test_the_density_is_judged_at_other_sizes(temperature, num_faces):
    sizes = {"temperature": temperature, "num_faces": num_faces}
    checks.concrete_density_is_exact(concrete_log_density, seed=4, **sizes)
