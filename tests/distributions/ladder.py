"""The properties that every distribution has, each as an assertion that a wrong one fails.

Integrals are sums over points and have no Monte Carlo error. What is sampled is compared in
standard errors, and the number of samples is chosen so that an error of 2 % would be seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib import exact
from vilib.exact import Points

__all__ = ["probe"]

PILOT, MOST = 20_000, 1_000_000
STANDARD_ERRORS = 5.0
DETECTABLE = 0.02


def tolerance() -> float:
    """Of what is computed without sampling, in torch's default dtype."""
    return 1e-6 if torch.get_default_dtype() == torch.float64 else 1e-4


def probe(z: Tensor, event: int = 0) -> Tensor:
    """A function without symmetry, with a slope, summed over the event axes."""
    z = z.double()
    if event:
        z = z * torch.linspace(1.0, 2.0, z.shape[-1], dtype=torch.double)
    f = (2 * z + 1).cos() / 4 + z + z**2 / (1 + z**2)
    return f.flatten(-event).sum(-1) if event else f


def integrate(q: Distribution, points: Points, g: Tensor | float = 1.0) -> Tensor:
    """∑ₙ q(zₙ) wₙ g(zₙ) for q without batch, of the shape of one g(zₙ)."""
    weight = (q.log_prob(points.values).double() + points.log_weights).exp()
    g = torch.as_tensor(g).double().expand(len(weight), *torch.as_tensor(g).shape[1:])
    return (weight.reshape(-1, *(1,) * (g.dim() - 1)) * g).sum(0)


def assert_close(got: Tensor, want: Tensor, slack: float | None = None) -> None:
    """Equal up to rounding, relative to the larger of `want` and 1."""
    slack = tolerance() if slack is None else slack
    gap = (got.double() - want.double()).abs().max()
    size = want.double().abs().max().clamp(min=1.0)
    assert gap <= slack * size, f"got {got}, want {want}"


def assert_mass_one(q: Distribution, points: Points) -> None:
    """Density and masses integrate to 1."""
    assert_close(integrate(q, points), torch.tensor(1.0))


def assert_moments(q: Distribution, points: Points) -> None:
    """Mean and variance are those of `log_prob`."""
    z = points.values
    mean = integrate(q, points, z)
    assert_close(q.mean, mean)
    try:
        variance = q.variance
    except NotImplementedError:
        return
    assert_close(variance, integrate(q, points, (z - mean) ** 2))


def assert_entropy(q: Distribution, points: Points) -> None:
    """The entropy is that of `log_prob`."""
    log_q = q.log_prob(points.values).double()
    assert_close(q.entropy(), integrate(q, points, -log_q.clamp(min=-1e4)))


def assert_cdf(q: Distribution, points: Points, atoms: tuple[float, ...]) -> None:
    """The cdf's derivative is the density, its jumps are the masses, and it ends at 0 and 1."""
    values = points.values[~torch.isin(points.values, torch.tensor(atoms).double())]
    z = values[:: len(values) // 50].clone().requires_grad_()
    (slope,) = torch.autograd.grad(q.cdf(z).sum(), z)
    density = q.log_prob(z.detach()).double().exp()
    gap = (slope - density).abs() / (1 + density)
    assert gap.max() < 10 * tolerance(), gap
    lowest, highest = points.values.min(), points.values.max()
    for atom in torch.tensor(atoms, dtype=torch.double):
        before = q.cdf(atom - 1e-12) if atom > lowest else torch.zeros(())
        assert_close(q.cdf(atom) - before, q.log_prob(atom).exp())
    assert_close(q.cdf(highest), torch.ones(()))
    if lowest not in atoms:
        assert_close(q.cdf(lowest), torch.zeros(()))


def draws_needed(spread: Tensor, size: Tensor | float) -> int:
    """So many that 5 standard errors are less than 2 % of `size`."""
    need = math.ceil(1.3 * (STANDARD_ERRORS * spread.max().item() / (DETECTABLE * size)) ** 2)
    assert need <= MOST, f"{need} draws are needed: choose parameters with less spread"
    return max(need, PILOT)


def assert_mean(draw: Callable[[int], Tensor], truth: Tensor, size: float) -> None:
    """|mean - truth| < 5 standard errors, with so many draws that 2 % of `size` would be seen."""
    draws = draw(draws_needed(draw(PILOT).double().std(0), size)).double()
    error = draws.std(0) / len(draws) ** 0.5
    gap = (draws.mean(0) - truth).abs()
    assert (gap <= STANDARD_ERRORS * error + tolerance()).all(), f"off by {gap}, ± {error}"


def assert_samples(q: Distribution, points: Points, atoms: tuple[float, ...]) -> None:
    """Samples follow `log_prob`: two expectations, and the frequency of each value with mass."""
    event = len(q.event_shape)
    assert q.support.check(q.sample((PILOT,))).all()
    for sign in (1, -3):
        values = probe(sign * points.values, event)
        mean = integrate(q, points, values).detach()
        spread = integrate(q, points, (values - mean) ** 2).sqrt().item()
        assert_mean(lambda n, sign=sign: probe(sign * q.sample((n,)), event), mean, spread)
    for atom in torch.tensor(atoms):
        truth = q.log_prob(atom).exp().double().detach()
        assert_mean(lambda n, atom=atom: (q.sample((n,)) == atom).double(), truth, truth.item())


def assert_gradient(
    build: Callable[..., Distribution],
    leaves: Callable[..., list[Tensor]],
    points: Points,
    truth: Callable[..., Distribution] | None = None,
) -> None:
    """The gradient of E[f(z)] through `rsample` is that of the integral.

    Args:
        build: Parameters to the distribution whose `rsample` is tested.
        leaves: Batch shape to parameters.
        points: Integrate over the support.
        truth: The right distribution, if `build` makes a mutant.
    """
    single = leaves()
    q = (truth or build)(*single)
    event = len(q.event_shape)
    want = torch.autograd.grad(integrate(q, points, probe(points.values, event)), single)
    want = torch.cat([g.flatten() for g in want]).double()

    def draw(n: int) -> Tensor:
        batch = leaves(n)
        f = probe(build(*batch).rsample(), event)
        assert f.requires_grad, "the sample has no gradient"
        grads = torch.autograd.grad(f.sum(), batch, allow_unused=True, materialize_grads=True)
        return torch.cat([g.reshape(n, -1) for g in grads], 1)

    assert_mean(draw, want, want.norm().item())


def assert_finite(q: Distribution, leaves: list[Tensor]) -> None:
    """Samples lie in the support; their log_prob, the moments and all gradients are finite."""
    z = q.rsample((500,)) if q.has_rsample else q.sample((500,))
    assert q.support.check(z.detach()).all()
    log_q = q.log_prob(z)
    results = [z, log_q]
    for name in ("mean", "variance", "entropy"):
        try:
            value = getattr(q, name)
        except NotImplementedError:
            continue
        try:
            results.append(value() if callable(value) else value)
        except NotImplementedError:
            continue
    for result in results:
        assert result.isfinite().all()
        if result.requires_grad:
            grads = torch.autograd.grad(
                result.sum(), leaves, retain_graph=True, allow_unused=True, materialize_grads=True
            )
            assert all(g.isfinite().all() for g in grads)


def assert_same_in_float32(make: Callable[[torch.dtype], Distribution]) -> None:
    """float32 gives what float64 gives at the same values."""
    single, double = make(torch.float32), make(torch.float64)
    z = single.sample((2000,))
    assert z.dtype == torch.float32
    log_q = single.log_prob(z)
    assert log_q.dtype == torch.float32
    want = double.log_prob(z.double())
    assert ((log_q.double() - want).abs() <= 1e-4 * (1 + want.abs())).all()
    for name in ("mean", "variance"):
        try:
            one, other = getattr(single, name), getattr(double, name)
        except NotImplementedError:
            continue
        assert one.dtype == torch.float32
        assert_close(one, other, 1e-5)


def assert_divergence(p: Distribution, q: Distribution, points: Points) -> None:
    """KL(p ‖ q) is the integral of p log(p / q)."""
    log_p = p.log_prob(points.values).double()
    gap = torch.where(log_p > -1e4, log_p - q.log_prob(points.values).double(), 0.0)
    assert_close(torch.distributions.kl_divergence(p, q), integrate(p, points, gap))


def exact_gradient(q: Distribution, leaves: list[Tensor], points: Points) -> tuple[Tensor, ...]:
    """∇ E_q[probe(z)] by `vilib.exact`, which sums over the same points."""
    event = len(q.event_shape)
    return exact.gradient(q, lambda z: probe(z, event), leaves, points)
