"""The two-dimensional targets: normalisers by other rules, shapes, the published numbers."""

import math

import pytest
import torch

from vilib.datasets.energies import energies

ENERGIES = energies()
# of the original densities, on the box [−4.5, 4.5]²
PUBLISHED = {"u1": 1.878, "u2": 2.200, "u3": 2.760, "u4": 2.829}


def grid(low, high, num):
    axis = torch.linspace(low, high, num, dtype=torch.double)
    return torch.cartesian_prod(axis, axis), (high - low) / (num - 1)


@pytest.mark.parametrize("name", ENERGIES)
def test_normaliser_by_the_rectangle_rule(name):
    # spectrally accurate where the density is smooth and vanishes at the border; the wall has a
    # jump in its second derivative
    z, step = grid(-9.0, 9.0, 1201)
    total = float(ENERGIES[name].log_density(z).logsumexp(0)) + 2 * math.log(step)
    assert total == pytest.approx(ENERGIES[name].log_normaliser, abs=1e-5)


@pytest.mark.parametrize("name", PUBLISHED)
def test_normaliser_on_the_box_is_the_published_one(name):
    step = 9 / 900
    axis = -4.5 + step * (torch.arange(900, dtype=torch.double) + 0.5)
    # the curves of the waves leave the box, but not the strip
    z = torch.cartesian_prod(axis, step * (torch.arange(1800, dtype=torch.double) - 899.5))
    total = float(ENERGIES[name].log_density(z).logsumexp(0)) + 2 * math.log(step)
    assert total == pytest.approx(PUBLISHED[name], abs=1e-3)


def test_the_originals_by_hand():
    z = torch.tensor([[1.0, 0.5], [-2.0, 1.5], [0.3, -3.0]], dtype=torch.double)
    for name, energy in ENERGIES.items():
        values = [by_hand(name, *point) for point in z.tolist()]
        assert energy.log_density(z).tolist() == pytest.approx(values, abs=1e-12)


def by_hand(name, x, y):
    """−U at one point, from table 1 of the paper."""
    ring = -(((math.hypot(x, y) - 2) / 0.4) ** 2) / 2
    w1 = math.sin(2 * math.pi * x / 4)
    w2 = 3 * math.exp(-(((x - 1) / 0.6) ** 2) / 2)
    w3 = 3 / (1 + math.exp(-(x - 1) / 0.3))

    def bell(distance, width):
        return math.exp(-((distance / width) ** 2) / 2)

    return {
        "ring": ring,
        "u1": ring + math.log(bell(x - 2, 0.6) + bell(x + 2, 0.6)),
        "u2": math.log(bell(y - w1, 0.4)),
        "u3": math.log(bell(y - w1, 0.35) + bell(y - w1 + w2, 0.35)),
        "u4": math.log(bell(y - w1, 0.4) + bell(y - w1 + w3, 0.35)),
    }[name]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ENERGIES)
def test_shapes_dtypes_and_gradients(name, dtype):
    energy = ENERGIES[name]
    assert energy.name == name
    z = (5 * torch.randn(3, 4, 2, dtype=dtype)).requires_grad_()
    values = energy.log_density(z)
    assert values.shape == (3, 4)
    assert values.dtype == dtype
    (g,) = torch.autograd.grad(values.sum(), z)
    assert bool(g.isfinite().all())
    far = torch.tensor([[0.0, 0.0], [1e4, -1e4]], dtype=dtype, requires_grad=True)
    (g,) = torch.autograd.grad(energy.log_density(far).sum(), far)
    assert bool(energy.log_density(far).isfinite().all())
    assert bool(g.isfinite().all())
