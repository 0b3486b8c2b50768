"""How unit 06's checks behave: random state, NaN, and the power to refuse."""

import inspect

import pytest
import torch
from torch.nn.functional import softplus

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
    checks.density_of_map_is_exact: (density,),
    checks.planar_is_exact: (planar,),
    checks.planar_stays_invertible: (keep,),
    checks.radial_is_exact: (radial,),
    checks.log_prob_follows_the_layers: (through,),
    checks.flow_gap_is_exact: (gap,),
    checks.coupling_is_exact: (coupling,),
    checks.coupling_undoes_itself: (coupling, uncoupling),
    checks.masks_are_autoregressive: (masks,),
    checks.autoregressive_layer_is_inverted: (invert,),
}
ALL = pytest.mark.parametrize("check", RIGHT, ids=lambda check: check.__name__)


def broken(function, change):
    """The function, with everything that it returns changed."""

    def returned(*arguments):
        value = function(*arguments)
        return tuple(map(change, value)) if isinstance(value, tuple) else change(value)

    return returned


@ALL
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_right_answer_passes_and_says_so(check, seed, capsys):
    check(*RIGHT[check], seed=seed)
    said = capsys.readouterr()
    assert said.out.startswith("✓")
    assert said.out.count("\n") == 1
    assert said.err == ""


@ALL
def test_the_callers_random_state_is_left_alone(check):
    before = torch.get_rng_state()
    check(*RIGHT[check], seed=11)
    assert torch.equal(before, torch.get_rng_state())


@ALL
def test_none_is_a_mistake_with_a_name(check):
    with pytest.raises(checks.Mistake, match="return"):
        check(*(lambda *_: None for _ in RIGHT[check]), seed=1)


@ALL
def test_a_tensor_full_of_nan_is_refused(check):
    functions = [broken(f, lambda value: value * torch.nan) for f in RIGHT[check]]
    with pytest.raises(checks.Mistake):
        check(*functions, seed=1)


@pytest.mark.parametrize("check", [c for c in RIGHT if c is not checks.masks_are_autoregressive])
@pytest.mark.parametrize("error", [1e-6, -1e-6])
def test_exact_checks_see_the_sixth_decimal(check, error):
    functions = [broken(f, lambda value: value + error) for f in RIGHT[check]]
    with pytest.raises(checks.Mistake):
        check(*functions, seed=1)


@ALL
def test_the_seed_is_the_callers(check):
    parameter = inspect.signature(check).parameters["seed"]
    assert parameter.default is inspect.Parameter.empty
    assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
