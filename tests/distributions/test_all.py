"""One ladder for all distributions of `vilib.distributions`."""

import inspect
import subprocess
import sys

import pytest
import torch
from torch.distributions import Distribution, Independent

from tests.distributions import ladder
from tests.distributions.cases import CASES, EXEMPT
from vilib import distributions

RUNGS = ("mass", "moments", "entropy", "cdf", "samples", "gradient")


def climbs(rung):
    """The cases to which a rung applies."""
    cases = [c for c in CASES if rung not in c.exempt]
    return pytest.mark.parametrize("case", cases, ids=lambda c: c.name)


def test_every_distribution_is_here_or_exempt_for_a_reason():
    exported = {
        name
        for name in distributions.__all__
        if inspect.isclass(getattr(distributions, name))
        and issubclass(getattr(distributions, name), Distribution)
    }
    here = {type(case.q()).__name__ for case in CASES}
    assert here & set(EXEMPT) == set()
    assert exported == here | set(EXEMPT)
    reasons = [*EXEMPT.values(), *(r for case in CASES for r in case.exempt.values())]
    assert all(reasons)
    assert {rung for case in CASES for rung in case.exempt} <= set(RUNGS)


@pytest.mark.parametrize("name", distributions.__all__)
def test_the_measure_is_named(name):
    value = getattr(distributions, name)
    if (
        inspect.isclass(value)
        and issubclass(value, Distribution)
        and "Measure:" not in value.__doc__
    ):
        # a variant of a torch distribution keeps the measure of its parent
        assert value.__mro__[1].__module__.startswith("torch.distributions")


@climbs("shapes")
@pytest.mark.parametrize("batch", [(), (1,), (3,), (2, 3)])
def test_shapes(case, batch):
    q = case.q(*batch)
    assert q.batch_shape == batch
    for shape in [(), (1,), (5,), (4, 5)]:
        z = q.sample(shape)
        assert z.shape == (*shape, *batch, *q.event_shape)
        assert q.log_prob(z).shape == (*shape, *batch)
        if q.has_rsample:
            assert q.rsample(shape).shape == z.shape
    assert not q.sample().requires_grad
    assert q.log_prob(q.sample()).requires_grad or "gradient" in case.exempt


@climbs("shapes")
def test_values_broadcast_with_the_batch(case):
    q, one = case.q(3), case.q()
    z = one.sample((5, 1))
    ladder.assert_close(q.log_prob(z), one.log_prob(z).expand(5, 3))


@climbs("shapes")
def test_expand(case):
    q = case.q(3)
    wide = q.expand((4, 3))
    assert type(wide) is type(q)
    assert wide.batch_shape == (4, 3)
    assert wide.event_shape == q.event_shape
    z = wide.sample((2,))
    assert z.shape == (2, 4, 3, *q.event_shape)
    ladder.assert_close(wide.log_prob(z), q.log_prob(z))
    # each row of the batch has draws of its own
    assert not torch.equal(wide.sample((20,))[:, 0], wide.sample((20,))[:, 1])
    assert type(q).__name__ in repr(wide)


@climbs("shapes")
def test_independent(case):
    q = case.q(3)
    z = q.sample((5,))
    ladder.assert_close(Independent(q, 1).log_prob(z), q.log_prob(z).sum(-1))


@climbs("shapes")
def test_bad_arguments_are_refused(case):
    for parameters in case.invalid:
        with pytest.raises(ValueError, match="constraint"):
            case.build(*map(torch.tensor, parameters))
    with pytest.raises(ValueError, match="support"):
        case.q().log_prob(torch.tensor(case.outside))


@climbs("mass")
def test_mass_is_one(case):
    ladder.assert_mass_one(case.q(), case.points())


@climbs("moments")
def test_mean_and_variance(case):
    ladder.assert_moments(case.q(), case.points())


@climbs("entropy")
def test_entropy(case):
    try:
        case.q().entropy()
    except NotImplementedError:
        return
    ladder.assert_entropy(case.q(), case.points())


@climbs("cdf")
def test_cdf(case):
    ladder.assert_cdf(case.q(), case.points(), case.atoms)


@climbs("samples")
def test_samples(case):
    ladder.assert_samples(case.q(), case.points(), case.atoms)


@climbs("gradient")
def test_gradient(case):
    ladder.assert_gradient(case.build, case.leaves, case.points())


@climbs("gradient")
def test_the_package_s_own_exact_gradient_sees_the_masses(case):
    leaves = case.leaves()
    q, points = case.build(*leaves), case.points()
    want = ladder.integrate(q, points, ladder.probe(points.values, len(q.event_shape)))
    want = torch.autograd.grad(want, leaves)
    for one, other in zip(ladder.exact_gradient(case.build(*leaves), leaves, points), want):
        ladder.assert_close(one, other)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize(
    ("case", "extreme"),
    [(c, e) for c in CASES for e in c.extremes],
    ids=lambda x: str(getattr(x, "name", x)),
)
def test_extremes_are_finite(case, extreme, dtype):
    leaves = [torch.tensor(p, dtype=dtype, requires_grad=True) for p in extreme]
    ladder.assert_finite(case.build(*leaves), leaves)


@climbs("shapes")
def test_float32(case):
    ladder.assert_same_in_float32(lambda dtype: case.q(dtype=dtype))


def test_no_scipy():
    code = (
        "import sys, torch.distributions; before = set(sys.modules);"
        "import vilib.distributions; print('scipy' in set(sys.modules) - before)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
