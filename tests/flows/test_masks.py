"""Masked networks: triangular to the last bit, complete, with and without a context."""

import pytest
import torch
from torch.autograd.functional import jacobian

from tests.flows.assertions import assert_triangular
from vilib.flows import InverseAutoregressive, MaskedAutoregressive, MaskedNetwork


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("hidden", [[64], [64, 48], [64, 64, 64]])
@pytest.mark.parametrize("D", [1, 2, 5])
def test_each_output_sees_all_inputs_before_it_and_no_other(D, hidden, reverse):
    network = MaskedNetwork(D, hidden, outputs=2, reverse=reverse)
    assert_triangular(network, D, reverse)
    assert network(torch.zeros(3, D)).shape == (3, 2 * D)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("layer", [InverseAutoregressive, MaskedAutoregressive])
def test_jacobians_are_exactly_triangular(layer, reverse):
    f = layer(4, [32, 32], reverse=reverse)
    for g in (f, f.inv):
        J = jacobian(g, torch.randn(4))
        zeros = J.tril(-1) if reverse else J.triu(1)
        assert torch.equal(zeros, torch.zeros(4, 4))
        assert bool((J.diagonal() > 0).all())
        assert torch.allclose(J.diagonal().log().sum(), J.slogdet().logabsdet, atol=1e-5)


@pytest.mark.parametrize("D", [1, 2, 4])
def test_every_output_sees_the_context(D):
    network = MaskedNetwork(D, [64, 64], outputs=2, context=3)
    seen = torch.zeros(2 * D, D + 3, dtype=torch.bool)
    for point in torch.randn(8, D + 3):
        seen |= jacobian(network, point) != 0
    assert bool(seen[:, D:].all())
    before = torch.ones(D, D, dtype=torch.bool).tril(-1)
    assert torch.equal(seen[:, :D], torch.cat([before, before]))


def test_the_slow_direction_does_not_look_at_what_is_not_there_yet():
    f = MaskedAutoregressive(3, [16])
    f.network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].clone()))
    seen = []
    f(torch.full((3,), 7.0))
    known = [(point != 0).tolist() for point in seen]
    assert known == [[False] * 3, [True, False, False], [True, True, False]]


@pytest.mark.parametrize(
    ("layer", "quick"), [(MaskedAutoregressive, "inverse"), (InverseAutoregressive, "call")]
)
def test_the_quick_direction_is_one_run(layer, quick):
    f = layer(4, [16])
    runs = []
    f.network.register_forward_pre_hook(lambda *_: runs.append(1))
    for direction in ("call", "inverse"):
        runs.clear()
        getattr(f, f"{direction}_and_ladj")(torch.randn(5, 4))
        assert len(runs) == (1 if direction == quick else 4)
