"""The latent map of unit 03: where on the plane does a picture come from, and what does q say?

Left: the map. Each tile is what the decoder draws at that point of the plane; on it lie the exact
posterior of one picture, the ellipse of q, and a cross at the chosen z. Middle: the same through a
magnifying glass, with the bound in numbers. Right: the picture, and what is decoded at z.

    log p(x) = ELBO + KL(q(z|x) ‖ p(z|x)),  both exact, by quadrature over the plane
"""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure, FigureBase
from matplotlib.patches import Ellipse, Rectangle
from matplotlib.patheffects import withStroke

from vilib.figures.latent_map_plane import PlaneModel
from vilib.figures.latent_map_state import EDGE, Lens, Numbers, State, lens, measure
from vilib.figures.number import number
from vilib.figures.style import Palette, Style, look

__all__ = ["MAP", "TILES", "PlaneModel", "State", "describe", "draw", "height", "measure", "paint"]

SIZE = (9.0, 4.3)
TILES = 11
# left, bottom, width and height of the map, in shares of the figure
MAP = (0.045, 0.095, 3.75 / 9.0, 3.75 / 4.3)
# half and 19 of 20 of a Gaussian in the plane lie within this many standard deviations
RADII = (1.1774, 2.4477)


def draw(state: State, style: Style = "light") -> Figure:
    """The latent map as a figure of 900 x 430 pixels.

    Args:
        state: Model, picture, z, and whose q.
        style: `light` or `dark`.
    """
    with look(style) as colours:
        figure = Figure(figsize=SIZE)
        paint(figure, state, colours)
    return figure


def height(_state: State) -> float:
    """How many inches the picture is high, whatever the state."""
    return SIZE[1]


def paint(figure: FigureBase, state: State, colours: Palette) -> None:
    """Put the latent map on a figure or on a part of one."""
    near, numbers = lens(state), measure(state)
    paint_map(figure.add_axes(MAP), state, near, colours)
    paint_lens(figure.add_axes((0.535, 0.375, 0.245, 0.245 * 9 / 4.3)), state, near, colours)
    paint_numbers(figure, state, numbers, colours)
    x = state.plane.x[state.picture].view(state.plane.side, -1)
    decoded = state.plane.decode(state.point)
    for bottom, picture, title in ((0.555, x, name(state)), (0.095, decoded, "decoded at z")):
        axes = figure.add_axes((0.825, bottom, 0.165, 0.165 * 9 / 4.3))
        paint_picture(axes, picture, title, colours)


def ink(colours: Palette, strongest: str) -> LinearSegmentedColormap:
    """Shades from paper to some colour."""
    return LinearSegmentedColormap.from_list("ink", [colours.paper, strongest])


def paint_map(axes: Axes, state: State, near: Lens, colours: Palette) -> None:
    """Tiles, the regions, the square of the magnifying glass, and z."""
    step = 2 * EDGE / TILES
    centres = torch.linspace(-EDGE + step / 2, EDGE - step / 2, TILES, dtype=torch.double)
    z1, z2 = torch.meshgrid(centres, centres.flip(0), indexing="xy")
    tiles = state.plane.decode(torch.stack([z1, z2], -1))  # [rows, columns, H, W]
    whole = tiles.permute(0, 2, 1, 3).flatten(2).flatten(0, 1)
    extent = (-EDGE, EDGE, -EDGE, EDGE)
    shades = ink(colours, colours.muted)
    axes.imshow(
        whole.numpy(), cmap=shades, vmin=0, vmax=1.25, extent=extent, interpolation="nearest"
    )
    for line in torch.linspace(-EDGE, EDGE, TILES + 1)[1:-1].tolist():
        axes.axhline(line, color=colours.paper, linewidth=1.0)
        axes.axvline(line, color=colours.paper, linewidth=1.0)
    paint_regions(axes, state, near, colours)
    corner = [c - near.half for c in near.centre]
    square = Rectangle(corner, 2 * near.half, 2 * near.half, fill=False, edgecolor=colours.ink)
    axes.add_patch(square)
    paint_cross(axes, state, colours)
    axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xlabel="z₁")
    axes.set_ylabel("z₂", labelpad=-4)
    axes.xaxis.labelpad = 0
    ticks = range(-3, 4)
    axes.set_xticks(ticks), axes.set_yticks(ticks)


def paint_lens(axes: Axes, state: State, near: Lens, colours: Palette) -> None:
    """Posterior and q from nearby."""
    paint_regions(axes, state, near, colours)
    paint_cross(axes, state, colours)
    (a, b), half = near.centre, near.half
    axes.set(xlim=(a - half, a + half), ylim=(b - half, b + half))
    axes.locator_params(nbins=4)
    for spine in axes.spines.values():
        spine.set_visible(True)
    whose = "refined" if state.refined else "the encoder’s"
    axes.set_title(f"filled: exact p(z|x)\ndashed: q, {whose}", fontsize=9)


def paint_regions(axes: Axes, state: State, near: Lens, colours: Palette) -> None:
    """95 % and 50 % of the exact posterior filled, of q as dashed ellipses."""
    z1, z2 = (near.z + c for c in near.centre)
    peak = float(near.density.max()) * 1.01
    axes.contourf(z1, z2, near.density, [*near.levels, peak], colors=[colours.truth] * 2, alpha=0.3)
    axes.contour(z1, z2, near.density, near.levels, colors=[colours.truth], linewidths=1.3)
    mean, scale = state.q.mean.tolist(), state.q.stddev.tolist()
    for radius in RADII:
        width, tall = (2 * radius * s for s in scale)
        shape = Ellipse(mean, width, tall, fill=False, edgecolor=colours.guess)
        shape.set(linewidth=2.2, linestyle=(0, (3, 1.4)), gid="q")
        axes.add_patch(shape)


def paint_cross(axes: Axes, state: State, colours: Palette) -> None:
    """The chosen z."""
    (mark,) = axes.plot(*state.z, marker="P", markersize=9, color=colours.ink, gid="z", zorder=5)
    mark.set(markeredgecolor=colours.paper, markeredgewidth=1.2)


def paint_picture(axes: Axes, picture: torch.Tensor, title: str, colours: Palette) -> None:
    """One picture with a frame."""
    axes.imshow(
        picture.numpy(), cmap=ink(colours, colours.ink), vmin=0, vmax=1, interpolation="nearest"
    )
    axes.set_xticks([]), axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
    axes.set_title(title, fontsize=9)


def paint_numbers(figure: FigureBase, state: State, numbers: Numbers, colours: Palette) -> None:
    """The bound, and the chosen point, below the magnifying glass."""
    elbo, kl, evidence = map(number, numbers.rounded())
    lines = [
        f"log p(x) = {evidence} nats",
        f"ELBO = {elbo}",
        f"KL(q‖p(z|x)) = {kl}",
        f"log p(x|z) = {number(numbers.log_likelihood)} at the cross",
    ]
    for row, line in enumerate(lines):
        weight = "bold" if row == 2 else "normal"
        halo = [withStroke(linewidth=2, foreground=colours.paper)]
        y = 0.235 - 0.056 * row
        figure.text(0.515, y, line, fontsize=9, weight=weight, path_effects=halo)


def name(state: State) -> str:
    """The picture in words."""
    label = int(state.plane.labels[state.picture])
    return f"sheet {state.picture + 1}" + (f" (a {label})" if label >= 0 else "")


def describe(state: State) -> str:
    """The latent map in words: the identity with its numbers, q, and the chosen point.

    Example:
        >>> from vilib.models.vae import VAE
        >>> _ = torch.manual_seed(1)
        >>> plane = PlaneModel(VAE(4, 2, 8), torch.eye(4), torch.arange(4))
        >>> print(describe(State(plane, picture=2)).split(": ")[0])
        Sheet 3 (a 2)
    """
    numbers, q = measure(state), state.q
    elbo, kl, evidence = map(number, numbers.rounded())
    whose = "refined for this sheet" if state.refined else "the encoder's"
    mean, sd = ([number(v) for v in t.tolist()] for t in (q.mean, q.stddev))
    at = ", ".join(map(number, state.z))
    return (
        f"{name(state).capitalize()}: ELBO {elbo} + KL(q‖p(z|x)) {kl} = log p(x) {evidence} nats, "
        f"exact. q, {whose}, has mean ({mean[0]}, {mean[1]}) and sd ({sd[0]}, {sd[1]}). "
        f"At z = ({at}): log p(x|z) {number(numbers.log_likelihood)}, "
        f"log p(z) {number(numbers.log_prior)}; {where(numbers)}."
    )


def where(numbers: Numbers) -> str:
    """Where z lies in the posterior, in words."""
    if numbers.inside < 0.5:
        return "z lies in the densest half of the posterior"
    if numbers.inside < 0.95:
        return "z lies outside the densest half of the posterior, within 95 %"
    return "z lies outside 95 % of the posterior"
