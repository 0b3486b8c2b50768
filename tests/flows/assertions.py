"""What is true of every layer; the mutants must fail here."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.autograd.functional import jacobian

from vilib import exact
from vilib.flows import Bijection, Flow, MaskedNetwork, StandardNormal


def tolerance() -> float:
    """1e-10 in float64, and as many rounding errors in float32."""
    return 1e-10 * torch.finfo(torch.get_default_dtype()).eps / torch.finfo(torch.double).eps


def assert_close(ours: Tensor, truth: Tensor, what: str) -> None:
    """Equal up to `tolerance()`, relative to 1 or to the size of the truth."""
    gap = ((ours - truth).abs() / (1 + truth.abs())).max()
    assert gap <= tolerance(), f"{what}: off by {gap:.2g}"


def assert_log_det(f: Bijection, x: Tensor) -> None:
    """log |det| of both directions is that of autograd's Jacobian of f, at each point."""
    y, ladj = f.call_and_ladj(x)
    truth = torch.stack([jacobian(f, point) for point in x]).slogdet().logabsdet
    assert_close(ladj, truth, "log |det ∂y/∂x|")
    assert_close(f.log_abs_det_jacobian(x, y), truth, "log_abs_det_jacobian")
    assert_close(f.inverse_and_ladj(y)[1], -truth, "log |det ∂x/∂y|")


def assert_never_folds(f: Bijection, x: Tensor) -> None:
    """The determinant has the same sign, and is not 0, at all points."""
    signs = torch.stack([jacobian(f, point) for point in x]).slogdet().sign
    assert bool((signs == signs[0]).all()), f"folds at {x[signs != signs[0]][0].tolist()}"
    assert bool((signs != 0).all()), "flattens space"


def assert_invertible(f: Bijection, x: Tensor) -> None:
    """f⁻¹(f(x)) = x and f(f⁻¹(x)) = x."""
    assert_close(f.inverse_and_ladj(f.call_and_ladj(x)[0])[0], x, "f⁻¹(f(x))")
    assert_close(f.call_and_ladj(f.inverse_and_ladj(x)[0])[0], x, "f(f⁻¹(y))")


def assert_unit_mass(f: Bijection, side: float, within: float) -> None:
    """The density of f(standard Gaussian) in two dimensions integrates to 1 on a box."""
    points = exact.quadrature(-side, side, 400, dim=2)
    values = points.values.to(torch.get_default_dtype()).to(torch.get_default_device())
    with torch.no_grad():
        log_q = Flow(StandardNormal(2), f).log_prob(values).double().cpu()
    mass = float((log_q + points.log_weights).exp().sum())
    assert abs(mass - 1) < within, f"mass {mass}"


def assert_triangular(network: MaskedNetwork, D: int, reverse: bool = False) -> None:
    """Output i depends on all coordinates before i, and on no other, to the last bit."""
    seen = torch.zeros(D, D, dtype=torch.bool)
    for point in torch.randn(8, D):
        J = jacobian(network, point).reshape(-1, D, D)
        seen |= (J != 0).any(0)
    before = torch.ones(D, D, dtype=torch.bool).tril(-1)
    assert bool((seen == (before.mT if reverse else before)).all()), f"sees {seen.int().tolist()}"
