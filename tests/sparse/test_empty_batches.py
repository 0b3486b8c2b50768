"""No datapoints: empty results of the right shapes, with gradients as empty."""

import pytest
import torch

from vilib.sparse import sparsemap, spigot


@pytest.mark.parametrize("batch", [(0,), (0, 3), (3, 0)])
def test_sparsemap(batch, dtype):
    s = torch.zeros(*batch, 2, requires_grad=True)
    mu, structures, p = sparsemap(s, torch.eye(2))
    assert (mu.shape, structures.shape, p.shape) == ((*batch, 2), (1, *batch, 2), (1, *batch))
    assert {mu.dtype, structures.dtype, p.dtype} == {dtype}
    (g,) = torch.autograd.grad(mu.sum() + p.sum(), s)
    assert g.shape == s.shape


@pytest.mark.parametrize("structures", [None, torch.eye(4), lambda s: s > 0])
def test_spigot(structures):
    scores = torch.zeros(3, 0, 4, requires_grad=True)
    z = spigot(scores, structures)
    (g,) = torch.autograd.grad(z.sum(), scores)
    assert z.shape == g.shape == (3, 0, 4)
