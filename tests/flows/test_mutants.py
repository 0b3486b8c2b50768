"""The assertions of this folder see the faults that they are there for."""

import pytest
import torch

from tests.flows import mutants
from tests.flows.assertions import (
    assert_invertible,
    assert_log_det,
    assert_never_folds,
    assert_triangular,
    assert_unit_mass,
)
from tests.flows.layers import folding, points, sylvester, wild
from vilib.flows import Planar


@pytest.mark.parametrize("mutant", mutants.PLANAR_MUTANTS)
def test_wrong_log_determinants_of_a_planar_layer_die(mutant):
    right = folding(3, -3.0)
    assert_log_det(right, points(3))
    layer = mutant(right.u, right.w, right.b)
    with pytest.raises(AssertionError, match="det"):
        assert_log_det(layer, points(3))


def short(D: int) -> Planar:
    """Would fold but for the constraint; ‖w‖ = 0.3, where ‖w‖ for ‖w‖² moves u too little."""
    w = 0.3 * torch.nn.functional.normalize(torch.randn(D), dim=0)
    return Planar(-30 * w / (w @ w), w, torch.zeros(()))


@pytest.mark.parametrize("mutant", [mutants.NormNotSquared, mutants.NoConstraint])
@pytest.mark.parametrize("D", [1, 2, 5])
def test_planar_layers_that_fold_die(mutant, D):
    right = short(D)
    wrong = mutant(right.u, right.w, right.b)
    # space is left as it is far from the plane, and turned over near it
    x = torch.cat([points(D), 100 * right.w.unsqueeze(0)])
    assert_never_folds(right, x)
    assert_invertible(right, x)
    with pytest.raises(AssertionError, match="folds"):
        assert_never_folds(wrong, x)
    with pytest.raises(AssertionError, match="f⁻¹"):
        assert_invertible(wrong, x)


@pytest.mark.parametrize("mutant", mutants.SYLVESTER_MUTANTS)
def test_wrong_sylvester_layers_die(mutant):
    right = sylvester(4)
    layer = mutant(right.reflections, right.outer, right.inner, right.b)
    with pytest.raises(AssertionError, match="det"):
        assert_log_det(layer, points(4))


def test_a_coupling_layer_without_some_of_its_scales_dies():
    with pytest.raises(AssertionError, match="det"):
        assert_log_det(wild(mutants.HalfTheScales(5)), points(5))


@pytest.mark.parametrize(("first", "last"), [("≥", "≥"), (">", ">"), (">", "≥")])
def test_masks_off_by_one_die(first, last):
    assert_triangular(mutants.masked(5, "≥", ">"), 5)
    with pytest.raises(AssertionError, match="sees"):
        assert_triangular(mutants.masked(5, first, last), 5)


def test_a_density_with_the_determinant_of_the_other_direction_dies():
    u, w, b = torch.tensor([-1.0, 0.5]), torch.tensor([1.0, 0.0]), torch.tensor(0.3)
    assert_unit_mass(Planar(u, w, b), side=14.0, within=1e-4)
    with pytest.raises(AssertionError, match="mass"):
        assert_unit_mass(mutants.InverseForForward(u, w, b), side=14.0, within=1e-2)
