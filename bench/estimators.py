"""What the estimators cost: a scalar step, and a training step of a Bernoulli VAE."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch.distributions import Bernoulli

from bench.peer_steps import SCALAR_STEPS, pyro_scalar, storchastic_scalar, storchastic_vae
from bench.ratios import Line, compare
from bench.vae_step import FAMILIES, Step, autoencoder, vae
from vilib.estimators import ALL, ScoreFunction

__all__ = ["lines"]

# estimator, samples, what it may cost as a multiple of a deterministic autoencoder's step
TARGETS = (
    ("score_function", 1, 1.05),
    ("score_function_running_mean", 1, 1.05),
    ("straight_through_bernoulli", 1, 1.05),
    ("gumbel_softmax", 1, 1.05),
    ("score_function_leave_one_out", 2, 1.40),
    ("disarm", 2, 1.40),
    ("score_function_argmax", 1, 1.40),
    ("score_function_leave_one_out", 4, 2.3),
    ("rebar", 1, 2.2),
    ("rebar_trained", 1, 3.3),
    ("relax", 1, 4.0),
)


def by_hand() -> int:
    """The floor of a scalar step: the score written out, no autograd."""
    a = torch.zeros(1)
    for _ in range(SCALAR_STEPS):
        p = torch.sigmoid(a)
        z = torch.bernoulli(p)
        a = a + 0.01 * (z - 0.499) ** 2 * (z - p)
    return SCALAR_STEPS


def scalar() -> Callable[[], int]:
    """Our score function for one Bernoulli and the cost (z - .499)²."""
    estimator = ScoreFunction()

    def run() -> int:
        a = torch.zeros(1, requires_grad=True)
        for _ in range(SCALAR_STEPS):
            q = Bernoulli(logits=a, validate_args=False)
            surrogate = estimator(q, lambda z: (z - 0.499) ** 2)
            (g,) = torch.autograd.grad(surrogate, a)
            with torch.no_grad():
                a += 0.01 * g
        return SCALAR_STEPS

    return run


def lines(num_rounds: int) -> Iterator[Line]:
    """One line for each target."""
    peers = {**pyro_scalar(), **storchastic_scalar()}
    name = "scalar score-function step / by hand"
    yield compare(name, by_hand, scalar(), peers, 6.0, num_rounds)
    bits = FAMILIES["bits"]
    floor = Step(bits, autoencoder(bits))
    for name, samples, target in TARGETS:
        ours = Step(bits, vae(bits, ALL[name].make(), samples))
        work = f"Bernoulli VAE, {name}, S={samples} / autoencoder"
        yield compare(work, floor, ours, storchastic_vae(name, samples), target, num_rounds)
