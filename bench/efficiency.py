"""Variance × time of discrete estimators on a Bernoulli VAE, against leave-one-out, S = 2.

The VAE of `bench.vae_step` is trained on digits for a while; then encoder and decoder stand still,
and each estimator gives many gradients at the encoder's output. An estimator of variance v at cost
c, averaged over all the runs that a budget allows, has variance v c / budget: v c is what counts.

It depends on f, so there are two: the likelihood, with the KL in closed form beside it, and the
log weight log p(x, z) - log q(z), of which the KL is a part that is sampled too.
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
TRAINING, REPEATS = 3000, 200


def digits(num: int = 100) -> Tensor:
    """The 8×8 digits of scikit-learn, enlarged to 28×28 and made black and white, `[num, 784]`."""
    from sklearn.datasets import load_digits

    images = torch.as_tensor(load_digits().images[:num]).float()[:, None] / 16
    large = F.interpolate(images, size=(28, 28), mode="bilinear")
    return (large > 0.5).float().flatten(1)


def variance(trained: Step, estimator: Estimator, samples: int, *, weights: bool) -> float:
    """Variance of the gradient at the encoder's output, summed over bits, mean over digits."""
    a = trained.encoder(trained.x).detach().requires_grad_()
    x, decoder, q = trained.x, trained.decoder.requires_grad_(False), BITS.posterior(a)

    def f(z: Tensor) -> Tensor:
        log_p = log_likelihood(decoder(z), x)
        return log_p - q.log_prob(z) if weights else log_p

    found = []
    for step in range(2 * REPEATS):
        surrogate = estimator(q, f, samples).sum()
        if step >= REPEATS:  # before, what learns may learn
            found.append(torch.autograd.grad(surrogate, a, retain_graph=True)[0])
    return torch.stack(found).var(0).sum(-1).mean().item()


def lines(num_rounds: int) -> Iterator[Line]:
    """One line for each f and target; the floor is leave-one-out with two samples."""
    rows = [REFERENCE, *((name, samples) for name, samples, _ in TARGETS)]
    for weights in (False, True):
        make = {row: vae(BITS, ALL[row[0]].make(), row[1], weights=weights) for row in rows}
        trained = Step(BITS, make[REFERENCE], repeats=TRAINING)
        trained.x = digits()
        trained()
        speed = rates({row: Step(BITS, make[row]) for row in rows}, num_rounds)
        cost = {
            row: variance(trained, ALL[row[0]].make(), row[1], weights=weights) / speed[row]
            for row in rows
        }
        f = "log weight" if weights else "likelihood"
        for name, samples, target in TARGETS:
            work = f"f = {f}: {name}, S={samples} / leave-one-out, S=2"
            yield Line(work, cost[name, samples] / cost[REFERENCE], None, target)
