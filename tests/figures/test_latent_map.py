"""The latent map on a grid of states: exact numbers, legible labels, q where it belongs."""

import re
import time
from itertools import product

import matplotlib
import numpy as np
import pytest
import torch

from tests.figures.layout import faults, texts
from vilib.figures.latent_map import PlaneModel, State, describe, draw, measure
from vilib.figures.latent_map_state import lens
from vilib.figures.png import to_png
from vilib.models.vae import VAE
from vilib.widgets.latent_map import menu, strip_states

POINTS = ((0.0, 0.0), (-3.0, 3.0), (1.25, -2.75))
GRID = list(product(range(4), POINTS, (False, True)))


@pytest.fixture(scope="module")
def plane():
    """A decoder that turns with z, so that some posteriors have two parts."""
    with torch.random.fork_rng():
        torch.manual_seed(2)
        model = VAE(16, 2, 12)
        with torch.no_grad():
            model.decoder[0].weight.mul_(2)
            model.decoder[2].weight.mul_(3)
        x = (torch.rand(5, 16) < 0.5).float()
    return PlaneModel(model, x, torch.tensor([3, 1, -1, 0, 7]))


def numbers(text):
    found = re.findall(r"−?\d+\.\d+(?:e\d+)?", text)
    return [float(n.replace("−", "-")) for n in found]


def by_sums(plane, state):
    """log p(x) and KL(q ‖ p(z|x)) by equal cells and NumPy: no rule and no code of the figure's."""
    side = np.linspace(-7, 7, 701)
    z = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    cell = (side[1] - side[0]) ** 2
    first, last = plane.model.decoder[0], plane.model.decoder[2]
    hidden = np.tanh(z @ first.weight.numpy().T + first.bias.numpy())
    a = hidden @ last.weight.numpy().T + last.bias.numpy()
    x = plane.x[state.picture].numpy()
    joint = (x * a - np.logaddexp(0, a)).sum(-1) - 0.5 * (z**2).sum(-1) - np.log(2 * np.pi)
    evidence = np.log(np.exp(joint).sum() * cell)
    mean, sd = state.q.mean.numpy(), state.q.stddev.numpy()
    log_q = (-0.5 * ((z - mean) / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))).sum(-1)
    kl = (np.exp(log_q) * (log_q - joint + evidence)).sum() * cell
    return evidence, kl


@pytest.mark.parametrize(("picture", "z", "refined"), GRID)
def test_numbers_are_exact(plane, picture, z, refined):
    state = State(plane, picture, z, refined)
    found, (evidence, kl) = measure(state), by_sums(plane, state)
    assert found.log_evidence == pytest.approx(evidence, abs=1e-5)
    assert found.kl == pytest.approx(kl, abs=2e-3)
    assert found.elbo + found.kl == pytest.approx(found.log_evidence, abs=1e-12)
    expected = -0.5 * (z[0] ** 2 + z[1] ** 2) - np.log(2 * np.pi)
    assert found.log_prior == pytest.approx(expected, abs=1e-12)
    assert 0 <= found.inside <= 1


@pytest.mark.parametrize(("picture", "z", "refined"), GRID)
def test_read_out_adds_up_and_picture_is_legible(plane, picture, z, refined):
    state = State(plane, picture, z, refined)
    text = describe(state)
    elbo, kl, evidence = numbers(text)[:3]
    assert elbo + kl == pytest.approx(evidence, abs=1e-9)
    assert kl == pytest.approx(measure(state).kl, abs=0.0051)
    assert ("refined" in text) == refined
    figure = draw(state, ("light", "dark")[picture % 2])
    assert list(faults(figure)) == []
    written = " ".join(words for words, _ in texts(figure))
    for value in (elbo, kl, evidence):
        assert f"{value:.2f}".replace("-", "−") in written
    marks = [line for axes in figure.axes for line in axes.lines if line.get_gid() == "z"]
    assert all(tuple(float(v[0]) for v in line.get_data()) == z for line in marks)
    ellipses = [p for axes in figure.axes for p in axes.patches if p.get_gid() == "q"]
    assert len(ellipses) == 4
    for ellipse in ellipses:
        assert ellipse.center == pytest.approx(state.q.mean.tolist())
        shape = ellipse.width / ellipse.height
        assert shape == pytest.approx(float(state.q.stddev[0] / state.q.stddev[1]))


def test_tiles_lie_where_z_is(plane):
    figure = draw(State(plane))
    image = figure.axes[0].images[0]
    table, (left, right, bottom, top) = np.asarray(image.get_array()), image.get_extent()
    assert (left, right, bottom, top) == (-3, 3, -3, 3)
    side, step = plane.side, 6 / 11
    # the tile in the first row from above and the third column
    corner = table[:side, 2 * side : 3 * side]
    z = torch.tensor([-3 + 2.5 * step, 3 - 0.5 * step], dtype=torch.double)
    np.testing.assert_allclose(corner, plane.decode(z).numpy(), atol=1e-12)


@pytest.mark.parametrize("picture", range(5))
def test_regions_hold_what_they_say(plane, picture):
    near = lens(State(plane, picture))
    mass = near.density / near.density.sum()
    for level, share in zip(near.levels, (0.95, 0.5)):
        assert float(mass[near.density >= level].sum()) == pytest.approx(share, abs=0.02)
    z1, z2 = (near.z + c for c in near.centre)
    i, j = 10, 60
    joint = plane.log_joint(torch.stack([z1[j], z2[i]])[None], plane.x[picture][None])[0, 0]
    assert float(near.density[i, j].log()) == pytest.approx(
        float(joint - plane.evidence[picture]), abs=1e-9
    )


def test_refining_raises_the_elbo(plane):
    for picture in range(5):
        before, after = (measure(State(plane, picture, refined=r)).elbo for r in (False, True))
        assert after >= before - 1e-6


def test_strip_and_menu(plane):
    gap = plane.evidence - plane.elbo(plane.q)
    assert menu(plane)[0] == int(gap.argmax())
    assert sorted(menu(plane)) == list(range(5))
    states = strip_states(plane)
    assert [s.refined for s in states] == [False, True, False]
    assert states[0].picture == states[1].picture != states[2].picture


def test_the_model_that_was_given_is_left_alone():
    model = VAE(4, 2, 3)
    plane = PlaneModel(model, torch.eye(4), torch.arange(4))
    plane.refined(0)
    assert all(p.requires_grad and p.dtype == torch.float32 for p in model.parameters())
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("x", [torch.full((2, 4), 0.5), torch.ones(2, 5)])
def test_greys_and_strips_are_refused(x):
    with pytest.raises(ValueError, match="square pictures of zeros and ones"):
        PlaneModel(VAE(x.shape[1], 2, 3), x, torch.zeros(2))


def test_states_that_no_control_gives_are_refused(plane):
    with pytest.raises(ValueError, match="picture must be below 5, got 5"):
        State(plane, 5)
    with pytest.raises(ValueError, match="z must lie within ±3"):
        State(plane, 0, (0.0, 3.2))


def test_drawing_leaves_no_trace_and_is_quick(plane):
    state = State(plane, 1)
    before, seed = dict(matplotlib.rcParams), torch.random.get_rng_state()
    assert to_png(draw(state)) == to_png(draw(state))
    assert dict(matplotlib.rcParams) == before
    assert torch.equal(torch.random.get_rng_state(), seed)
    spent = []
    for _ in range(5):
        start = time.process_time()
        to_png(draw(state))
        spent.append(time.process_time() - start)
    assert min(spent) <= 0.25
