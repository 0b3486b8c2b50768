"""Φ and log Φ against many digits."""

import pytest
import torch

from vilib.distributions.gaussian_cdf import Phi, log_Phi, phi

POINTS = (-1e4, -300.0, -37.0, -12.0, -5.0, -1.0, -1e-3, 0.0, 0.5, 3.0, 8.0, 30.0)


@pytest.mark.parametrize(("dtype", "digits"), [(torch.float64, 1e-12), (torch.float32, 2e-5)])
def test_values_and_slopes(dtype, digits):
    mp = pytest.importorskip("mpmath").mp
    x = torch.tensor(POINTS, dtype=dtype, requires_grad=True)
    value = log_Phi(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    with mp.workdps(40):
        exact = [mp.ncdf(v) for v in x.tolist()]
        logs = [mp.log(p) if p < 0.5 else mp.log1p(-mp.ncdf(-v)) for v, p in zip(x.tolist(), exact)]
        logs = torch.tensor([float(v) for v in logs]).double()
        slopes = [float(mp.npdf(v) / p) for v, p in zip(x.tolist(), exact)]
        slopes = torch.tensor(slopes).double()
        masses = torch.tensor([float(p) for p in exact]).double()
    floor = torch.finfo(dtype).tiny
    assert ((value.double() - logs).abs() <= digits * logs.abs() + floor).all()
    assert ((slope.double() - slopes).abs() <= digits * slopes + floor).all()
    assert ((Phi(x).double() - masses).abs() <= digits * masses + 1e3 * floor).all()


def test_torch_s_own_slope_fails_the_same_assertion():
    """Why the module exists; should torch mend it, this test says that the module can go."""
    x = torch.tensor([-1e3, -1e5], dtype=torch.float32, requires_grad=True)
    (ours,) = torch.autograd.grad(log_Phi(x).sum(), x)
    (theirs,) = torch.autograd.grad(torch.special.log_ndtr(x).sum(), x)
    assert ((ours + x).abs() < 0.01 * x.abs()).all()
    assert not ((theirs + x).abs() < 0.01 * x.abs()).all()


def test_gradients_of_all_orders():
    x = torch.tensor([-8.0, -1.0, 0.0, 2.0], dtype=torch.double, requires_grad=True)
    for function in (phi, Phi, log_Phi):
        assert torch.autograd.gradcheck(function, x)
        assert torch.autograd.gradgradcheck(function, x)
