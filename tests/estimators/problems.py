"""Small problems whose gradient is known: a distribution, a function, and their parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.distributions import (
    Bernoulli,
    Categorical,
    Distribution,
    Independent,
    Normal,
    OneHotCategorical,
)

from vilib import exact

Function = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Problem:
    """q and f for one datapoint; `build` repeats it, so that one call gives many estimates."""

    name: str
    leaves: tuple[Tensor, ...]
    make: Callable[..., tuple[Distribution, Function]]
    points: exact.Points | None = None
    # what a bias is compared with where the exact gradient is 0
    size: float = 1.0

    def build(self, copies: int) -> tuple[Distribution, Function, list[Tensor]]:
        """q with batch shape [copies], f, and the parameters, one copy per datapoint."""
        repeated = [p.expand(copies, *p.shape).clone().requires_grad_() for p in self.leaves]
        q, f = self.make(*repeated)
        return q, f, repeated

    def gradient(self, bound: str = "mean", samples: int = 1) -> Tensor:
        """The exact gradient of E_q[f] or of the IWAE bound, all parameters in a vector `[P]`."""
        q, f, leaves = self.build(1)
        if bound == "iwae":
            total = exact.iwae(q, f, samples, self.points).sum()
            parts = torch.autograd.grad(total, leaves, allow_unused=True, materialize_grads=True)
        else:
            parts = exact.gradient(q, f, leaves, self.points)
        return torch.cat([g.flatten() for g in parts])


# a family: parameters, q, what of z the function sees [S, B, F], quadrature nodes
FOUR = (-1.5, 0.0, 0.7, 2.0)
WEIGHTS = (1.0, -0.5, 2.0, 0.7, -1.2, 0.4)
TARGETS = (0.3, 0.1, 0.6, -0.2, 0.5, 0.0)


def families() -> dict[str, tuple]:
    identity = lambda z: z  # noqa: E731
    table = torch.tensor([0.0, 1.0, -0.8])
    return {
        "bernoulli": ((torch.tensor(-1.5),), lambda a: Bernoulli(logits=a), lambda z: z[..., None]),
        "bernoulli_at_0": (
            (torch.tensor(0.0),),
            lambda a: Bernoulli(logits=a),
            lambda z: z[..., None],
        ),
        "pair": (
            (torch.tensor(FOUR[:2]),),
            lambda a: Independent(Bernoulli(logits=a), 1),
            identity,
        ),
        "four": ((torch.tensor(FOUR),), lambda a: Independent(Bernoulli(logits=a), 1), identity),
        "categorical": (
            (torch.tensor([0.5, 0.0, -1.0]),),
            lambda a: Categorical(logits=a),
            lambda z: table[z][..., None],
        ),
        "one_hot": (
            (torch.tensor([0.5, 0.0, -1.0]),),
            lambda a: OneHotCategorical(logits=a),
            identity,
        ),
        "one_hot_pair": (
            (torch.tensor([[0.5, 0.0, -1.0], [0.0, -1.5, 0.3]]),),
            lambda a: Independent(OneHotCategorical(logits=a), 1),
            lambda z: z.flatten(-2),
        ),
        "normal": (
            (torch.tensor([0.4]), torch.tensor([-0.3])),
            lambda m, s: Independent(Normal(m, s.exp()), 1),
            identity,
        ),
    }


def rungs() -> dict[str, Function]:
    """The ladder of functions, from no gradient at all to one without a closed form."""

    def of(values: tuple[float, ...], x: Tensor) -> Tensor:
        return torch.tensor(values[: x.shape[-1]], dtype=x.dtype, device=x.device)

    def mix(x: Tensor) -> Tensor:
        return x @ of(WEIGHTS, x)

    return {
        "constant": lambda x: 3 + 0 * x.sum(-1),
        "linear": mix,
        "quadratic": lambda x: (mix(x) - 0.2) ** 2,
        "weighted": lambda x: ((x - of(TARGETS, x)) ** 2) @ of(WEIGHTS, x),
        "nonlinear": lambda x: (2 * mix(x)).cos() - (mix(x) ** 2).log1p(),
    }


RUNGS = ("constant", "linear", "quadratic", "weighted", "nonlinear")
FAMILIES = tuple(families())


def ladder(family: str, rung: str, scale: float = 1.0, *, weights: bool = False) -> Problem:
    """One rung of the ladder for one family; `scale` multiplies the function.

    With `weights`, f is the rung minus log q(z): a log weight, as tighter bounds take it.
    """
    leaves, make_q, features = families()[family]
    g = rungs()[rung]
    nodes = exact.quadrature(-9.0, 9.0)
    points = exact.Points(nodes.values[:, None], nodes.log_weights) if family == "normal" else None
    size = 3.0 if rung == "constant" else 1.0

    def make(*parameters: Tensor) -> tuple[Distribution, Function]:
        q = make_q(*parameters)
        if weights:
            return q, lambda z: scale * g(features(z)) - q.log_prob(z)
        return q, lambda z: scale * g(features(z))

    return Problem(f"{family}-{rung}", leaves, make, points, size)


def vae() -> Problem:
    """A Bernoulli VAE, D = 3, four pixels, linear encoder and decoder, f = log p(x, z) - log q(z).

    f depends on the decoder's parameters and, through log q, on the encoder's.
    """
    encoder, decoder = some_weights((4, 3), (3, 4))
    bias = torch.tensor([0.2, -0.4, 0.0, 1.0])
    prior = Independent(Bernoulli(torch.tensor([0.5, 0.3, 0.5]), validate_args=False), 1)

    def make(V: Tensor, W: Tensor, c: Tensor) -> tuple[Distribution, Function]:
        # a relaxation asks for log q between 0 and 1, which a check of the arguments would refuse
        q = Independent(Bernoulli(logits=pixels() @ V, validate_args=False), 1, validate_args=False)
        return q, log_weight(q, prior, W, c)

    return Problem("vae", (encoder, decoder, bias), make)


def categorical_vae() -> Problem:
    """The same with two latent variables of three values each, as one-hot rows."""
    encoder, decoder = some_weights((4, 6), (6, 4))
    bias = torch.tensor([0.2, -0.4, 0.0, 1.0])
    prior = OneHotRows(torch.tensor([[0.0, 0.5, -0.5], [1.0, 0.0, 0.0]]))

    def make(V: Tensor, W: Tensor, c: Tensor) -> tuple[Distribution, Function]:
        q = OneHotRows((pixels() @ V).unflatten(-1, (2, 3)))
        return q, log_weight(q, prior, W, c)

    return Problem("categorical_vae", (encoder, decoder, bias), make)


def gaussian_vae() -> Problem:
    """A VAE with one Gaussian variable, four Gaussian pixels and a tanh in the decoder."""
    encoder, spread, decoder = some_weights((4, 1), (4, 1), (1, 4))
    bias = torch.tensor([0.2, -0.4, 0.0, 1.0])

    def make(V: Tensor, U: Tensor, W: Tensor, c: Tensor) -> tuple[Distribution, Function]:
        x = pixels()
        q = Independent(Normal(0.3 * x @ V, (0.2 * x @ U - 1).exp()), 1)

        def f(z: Tensor) -> Tensor:
            mean = (z[..., None, :].tanh() @ W).squeeze(-2) + c  # [S, B, 4]
            log_joint = Normal(0.0, 1.0).log_prob(z).sum(-1) + Normal(mean, 1.0).log_prob(x).sum(-1)
            return log_joint - q.log_prob(z)

        return q, f

    nodes = exact.quadrature(-7.0, 7.0, 160)
    points = exact.Points(nodes.values[:, None], nodes.log_weights)
    return Problem("gaussian_vae", (encoder, spread, decoder, bias), make, points)


VAES = {"vae": vae, "categorical_vae": categorical_vae, "gaussian_vae": gaussian_vae}


def pixels() -> Tensor:
    """The observation of the VAEs."""
    return torch.tensor([1.0, 0.0, 1.0, 1.0])


def some_weights(*shapes: tuple[int, int]) -> list[Tensor]:
    """Weights that are the same on every device."""
    generator = torch.Generator().manual_seed(4)
    draw = lambda shape: torch.randn(  # noqa: E731
        shape, generator=generator, device="cpu", dtype=torch.double
    )
    return [draw(shape).to(pixels()) for shape in shapes]


class OneHotRows(Independent):
    """Independent one-hot rows `[D, K]`, whose log mass is continued linearly between them."""

    def __init__(self, logits: Tensor) -> None:
        super().__init__(OneHotCategorical(logits=logits), 1)

    def log_prob(self, value: Tensor) -> Tensor:
        # torch takes the argmax, through which a relaxation gets no gradient
        return (value * self.base_dist.logits).sum((-2, -1))


def log_weight(q: Distribution, prior: Distribution, W: Tensor, c: Tensor) -> Function:
    """log p(x, z) - log q(z) of a linear decoder for the pixels, `[S, B]`."""
    x = pixels()

    def f(z: Tensor) -> Tensor:
        h = z.to(W).flatten(2)
        logits = (h[..., None, :] @ W).squeeze(-2) + c  # [S, B, 4]
        return prior.log_prob(z) + Bernoulli(logits=logits).log_prob(x).sum(-1) - q.log_prob(z)

    return f
