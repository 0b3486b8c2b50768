"""Variance × time of discrete estimators on a Bernoulli VAE, against leave-one-out, S = 2.

The VAE of `bench.vae_step` is trained on digits for a while; then encoder and decoder stand still,
and each estimator gives many gradients at the encoder's output. An estimator of variance v at cost
c, averaged over all the runs that a budget allows, has variance v c / budget: v c is what counts.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from bench.ratios import Line
from bench.rounds import rates
from bench.vae_step import FAMILIES, Step, log_likelihood, vae
from vilib.estimators import ALL, Estimator

__all__ = ["lines"]

BITS = FAMILIES["bits"]
REFERENCE = ("score_function_leave_one_out", 2)
# estimator, samples, what variance × time may be as a multiple of the reference's
TARGETS = (
    ("disarm", 2, 0.70),
    ("rebar_trained", 1, 0.62),
    ("score_function_leave_one_out", 4, 0.55),
)
TRAINING, REPEATS = 1000, 200


def digits(num: int = 100) -> Tensor:
    """The 8×8 digits of scikit-learn, enlarged to 28×28 and made black and white, `[num, 784]`."""
    from sklearn.datasets import load_digits

    images = torch.as_tensor(load_digits().images[:num]).float()[:, None] / 16
    large = F.interpolate(images, size=(28, 28), mode="bilinear")
    return (large > 0.5).float().flatten(1)


def variance(trained: Step, estimator: Estimator, samples: int) -> float:
    """Variance of the gradient at the encoder's output, summed over bits, mean over digits."""
    a = trained.encoder(trained.x).detach().requires_grad_()
    x, decoder = trained.x, trained.decoder.requires_grad_(False)
    found = []
    for step in range(2 * REPEATS):
        surrogate = estimator(
            BITS.posterior(a), lambda z: log_likelihood(decoder(z), x), samples
        ).sum()
        if step >= REPEATS:  # before, what learns may learn
            found.append(torch.autograd.grad(surrogate, a)[0])
    return torch.stack(found).var(0).sum(-1).mean().item()


def lines(num_rounds: int) -> Iterator[Line]:
    """One line for each target; the floor is leave-one-out with two samples."""
    trained = Step(BITS, vae(BITS, ALL[REFERENCE[0]].make(), 2), repeats=TRAINING)
    trained.x = digits()
    trained()
    rows = [REFERENCE, *((name, samples) for name, samples, _ in TARGETS)]
    steps = {row: Step(BITS, vae(BITS, ALL[row[0]].make(), row[1])) for row in rows}
    speed = rates(steps, num_rounds)
    cost = {row: variance(trained, ALL[row[0]].make(), row[1]) / speed[row] for row in rows}
    for name, samples, target in TARGETS:
        work = f"variance × time, {name}, S={samples} / leave-one-out, S=2"
        yield Line(work, cost[name, samples] / cost[REFERENCE], None, target)
