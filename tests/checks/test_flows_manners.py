"""How unit 06's checks behave: random state, NaN, and the power to refuse."""

import pytest
import torch
from torch.nn.functional import softplus

from tests.checks.manners import Manners, broken
from vilib import checks


def density(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x) - slope(x).abs().log()


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * t[:, None], ((1 - t**2) * (w @ u)).log1p()


def keep(u, w):
    return u + (softplus(w @ u) - 1 - w @ u) * w / (w @ w)


def radial(x, c, alpha, beta):
    h = 1 / (alpha + (x - c).norm(dim=-1))
    log_det = (x.shape[-1] - 1) * (beta * h).log1p() + (alpha * beta * h**2).log1p()
    return x + beta * h[:, None] * (x - c), log_det


def through(x, base, layers):
    log_q = base.log_prob(x)
    for layer in layers:
        x, log_det = layer(x)
        log_q = log_q - log_det
    return x, log_q


def gap(x, base, push, log_density, log_z):
    z, log_det = push(x)
    elbo = (log_density(z) - base.log_prob(x) + log_det).mean()
    return elbo, log_z - elbo


def coupling(x, network):
    a, b = x.chunk(2, -1)
    t, s = network(a)
    return torch.cat([a, b * s.exp() + t], -1), s.sum(-1)


def uncoupling(y, network):
    a, b = y.chunk(2, -1)
    t, s = network(a)
    return torch.cat([a, (b - t) / s.exp()], -1), -s.sum(-1)


def masks(num_inputs, num_hidden):
    inputs = torch.arange(num_inputs) + 1
    hidden = 1 + torch.arange(num_hidden) % (num_inputs - 1)
    return hidden[:, None] >= inputs, inputs[:, None] > hidden


def invert(y, network):
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        t, s = network(x)
        x = (y - t) / s.exp()
    return x, -s.sum(-1)


RIGHT = {
    "density_of_map_is_exact": (density,),
    "planar_is_exact": (planar,),
    "planar_stays_invertible": (keep,),
    "radial_is_exact": (radial,),
    "log_prob_follows_the_layers": (through,),
    "flow_gap_is_exact": (gap,),
    "coupling_is_exact": (coupling,),
    "coupling_undoes_itself": (coupling, uncoupling),
    "masks_are_autoregressive": (masks,),
    "autoregressive_layer_is_inverted": (invert,),
}


class TestManners(Manners):
    RIGHT = RIGHT


@pytest.mark.parametrize("check", sorted(RIGHT.keys() - {"masks_are_autoregressive"}))
@pytest.mark.parametrize("error", [1e-6, -1e-6])
def test_exact_checks_see_the_sixth_decimal(check, error):
    functions = [broken(function, lambda value: value + error) for function in RIGHT[check]]
    with pytest.raises(checks.Mistake):
        getattr(checks, check)(*functions, seed=1)
