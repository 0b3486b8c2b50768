"""SPIGOT by hand, on the simplex and on polytopes of a few structures."""

import itertools

import pytest
import torch

from vilib.sparse import sparsemap, sparsemax, spigot

PAIRS = torch.tensor([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]])


def backward(make, scores, gradient):
    """The argmax, and what arrives at the scores when `gradient` arrives at the argmax."""
    scores = torch.tensor(scores, requires_grad=True)
    z = make(scores)
    (g,) = torch.autograd.grad(z, scores, torch.tensor(gradient))
    return z.detach(), g


def assert_by_hand(make):
    """ẑ = (1, 0, 0); a step to ẑ - g; the nearest point of the simplex; the way back to ẑ."""
    cases = [
        # (1, .6, 0) is too much by .6, taken from the two that stay positive
        ([0.0, -0.6, 0.0], [0.3, -0.3, 0.0]),
        # (1, 2, 0): the second corner
        ([0.0, -2.0, 0.0], [1.0, -1.0, 0.0]),
        # (.7, 0, 0) is too little by .3, given to all
        ([0.3, 0.0, 0.0], [0.2, -0.1, -0.1]),
        # away from all others: it stays
        ([-0.5, 0.2, 1.0], [0.0, 0.0, 0.0]),
    ]
    for gradient, expected in cases:
        z, g = backward(make, [1.0, 0.5, 0.2], gradient)
        assert z.tolist() == [1.0, 0.0, 0.0]
        assert g.tolist() == pytest.approx(expected, abs=1e-6)


class Spoilt(torch.autograd.Function):
    """SPIGOT on the simplex with one mistake."""

    @staticmethod
    def forward(ctx, scores, fault):
        z = torch.nn.functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(scores)
        ctx.save_for_backward(scores, z)
        ctx.fault = fault
        return z

    @staticmethod
    def backward(ctx, gradient):
        scores, z = ctx.saved_tensors
        if ctx.fault == "no projection":
            return gradient, None
        if ctx.fault == "ascent":
            return z - sparsemax(z + gradient), None
        if ctx.fault == "from the scores":
            return z - sparsemax(scores - gradient), None
        if ctx.fault == "sign":
            return sparsemax(z - gradient) - z, None
        return z - sparsemax(z - gradient), None


def test_on_the_simplex_by_hand():
    assert_by_hand(spigot)
    assert_by_hand(lambda s: Spoilt.apply(s, ""))


@pytest.mark.parametrize("fault", ["no projection", "ascent", "from the scores", "sign"])
def test_mutants_die(fault):
    with pytest.raises(AssertionError):
        assert_by_hand(lambda s: Spoilt.apply(s, fault))


def test_one_of_k_as_structures():
    assert_by_hand(lambda s: spigot(s, torch.eye(3)))
    scores, gradient = torch.randn(20, 6), torch.randn(20, 6)
    grads = []
    for structures in (None, torch.eye(6)):
        s = scores.clone().requires_grad_()
        grads.append(torch.autograd.grad(spigot(s, structures), s, gradient)[0])
    assert torch.allclose(*grads, atol=1e-6)


def test_bits_by_hand():
    # the polytope is a cube: every coordinate is clamped by itself
    bits = torch.tensor(list(itertools.product((0, 1), repeat=3)))
    z, g = backward(lambda s: spigot(s, bits), [2.0, -1.0, 0.5], [0.25, -0.5, -3.0])
    assert z.tolist() == [1.0, 0.0, 1.0]
    # to (.75, .5, 4), clamped (.75, .5, 1)
    assert g.tolist() == pytest.approx([0.25, -0.5, 0.0], abs=1e-6)
    oracle = lambda s: s > 0  # noqa: E731
    z_too, g_too = backward(lambda s: spigot(s, oracle), [2.0, -1.0, 0.5], [0.25, -0.5, -3.0])
    assert torch.equal(z, z_too)
    assert torch.allclose(g, g_too)


def test_pairs_by_hand():
    # ẑ = (1, 1, 0, 0), a step of .6 towards the third part; nearest to (1, 1, .6, 0) with sum 2
    # in the cube: the first is at its bound, (1, .7, .3, 0)
    z, g = backward(lambda s: spigot(s, PAIRS), [3.0, 2.0, 1.0, 0.0], [-0.5, 0.0, -0.6, 0.0])
    assert z.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert g.tolist() == pytest.approx([0.0, 0.3, -0.3, 0.0], abs=1e-6)
    # the nearest mixture, whatever the polytope
    gradient = torch.randn(4)
    _, g = backward(lambda s: spigot(s, PAIRS), [3.0, 2.0, 1.0, 0.0], gradient.tolist())
    assert torch.allclose(g, z - sparsemap(z - gradient, PAIRS).marginals, atol=1e-6)


def test_step():
    for step in (0.1, 0.5):
        _, g = backward(lambda s, step=step: spigot(s, step=step), [1.0, 0.0], [0.0, -0.8])
        assert g.tolist() == pytest.approx([0.4 * step, -0.4 * step], rel=1e-5)
    with pytest.raises(ValueError, match="positive, got 0"):
        spigot(torch.zeros(3), step=0.0)


def test_barred_categories_stay_barred():
    scores = [1.0, -torch.inf, 0.5]
    z, g = backward(spigot, scores, [0.0, -5.0, -0.2])
    assert z.tolist() == [1.0, 0.0, 0.0]
    assert g.tolist() == pytest.approx([0.1, 0.0, -0.1], abs=1e-6)


@pytest.mark.parametrize(
    "row", [[-torch.inf] * 4, [0.0, torch.nan, 1.0, 2.0], [0.0, torch.inf, 1.0, 2.0]]
)
def test_scores_without_an_argmax_are_refused(row):
    scores = torch.tensor([[1.0, 2.0, 3.0, 4.0], row])
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - compared with sparsemax's below
        sparsemax(scores)
    with pytest.raises(ValueError) as also:  # noqa: PT011
        spigot(scores)
    assert str(also.value) == str(refused.value)
    with pytest.raises(ValueError, match="finite; leave out"):
        spigot(scores, PAIRS)


def test_structures_cannot_be_barred_by_their_parts():
    with pytest.raises(ValueError, match="finite; leave out"):
        spigot(torch.tensor([0.0, -torch.inf, 1.0, 2.0]), PAIRS)


def test_batches_and_dtypes():
    for dtype in (torch.float32, torch.float64):
        scores = torch.randn(2, 3, 4, dtype=dtype, requires_grad=True)
        for structures in (None, PAIRS):
            z = spigot(scores, structures)
            assert (z.shape, z.dtype) == (scores.shape, dtype)
            (g,) = torch.autograd.grad(z[1, 2].cos().sum(), scores)
            others = torch.ones(2, 3, dtype=torch.bool)
            others[1, 2] = False
            assert g[others].abs().sum() == 0
            assert g.dtype == dtype


def test_it_trains_where_the_argmax_has_no_gradient():
    # find the pair with the least cost: the argmax's own gradient is 0 everywhere
    cost = torch.tensor([0.5, 0.1, 1.0, 0.2])
    scores = torch.tensor([3.0, 0.0, 1.0, 0.0], requires_grad=True)
    for _ in range(50):
        loss = spigot(scores, PAIRS) @ cost
        (g,) = torch.autograd.grad(loss, scores)
        scores = (scores - 0.5 * g).detach().requires_grad_()
    assert spigot(scores, PAIRS).tolist() == [0.0, 1.0, 0.0, 1.0]
