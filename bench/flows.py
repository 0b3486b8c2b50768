"""What the book-keeping of flows costs on top of their networks, one thread, CPU time.

    python -m bench.flows [--rounds 9]

One training step, forward and backward, at a batch of 256 points in two dimensions:

- coupling × 8 and MAF × 5: log_prob of data. The floor is the conditioner networks alone, run
  forward and backward at the same points.
- planar × 16: reverse KL to the ring. The floor is the same without determinants.

And the gap log Z − ELBO that planar × 16 reaches on the ring in 1,800 steps. Peers are measured
if they are installed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bench.flow_peers import coupling_peers, masked_peers, planar_peers
from bench.ratios import Line, compare, table
from bench.training_step import density_step, repeated
from vilib.datasets.energies import Energy, energies
from vilib.flows import CouplingStack, Flow, MaskedAutoregressive, PlanarStack, StandardNormal
from vilib.flows.planar import constrained

__all__ = ["lines", "ring_gap"]

B, D, HIDDEN = 256, 2, (64, 64)
COUPLINGS, MASKED, PLANAR = 8, 5, 16
GAP_STEPS, GAP_TARGET = 1800, 0.07


def lines(rounds: int) -> list[Line]:
    """The three lines of the table."""
    data = torch.randn(B, D)
    return [coupling(data, rounds), masked(data, rounds), planar(energies()["ring"], rounds)]


def coupling(data: Tensor, rounds: int) -> Line:
    """Coupling × 8: log_prob of data."""
    f = CouplingStack(D, COUPLINGS, HIDDEN)
    floor = networks_alone(f.networks, data[:, :1])
    # as in the paper, data go forward through the layers, and noise comes back
    q = Flow(StandardNormal(D), f.inv)
    ours = density_step(f.parameters(), q.log_prob, data)
    return compare(
        "coupling × 8", floor, ours, coupling_peers(data, COUPLINGS, HIDDEN), 1.30, rounds
    )


def masked(data: Tensor, rounds: int) -> Line:
    """MAF × 5: log_prob of data."""
    layers = [MaskedAutoregressive(D, HIDDEN, reverse=bool(k % 2)) for k in range(MASKED)]
    q = Flow(StandardNormal(D), layers)
    floor = networks_alone([layer.network for layer in layers], data)
    ours = density_step(q.transform.parameters(), q.log_prob, data)
    return compare("MAF × 5", floor, ours, masked_peers(data, MASKED, HIDDEN), 1.50, rounds)


def planar(ring: Energy, rounds: int) -> Line:
    """Planar × 16: reverse KL to the ring."""
    f = PlanarStack.learnable(D, length=PLANAR)
    q = Flow(StandardNormal(D), f)

    def without_determinants() -> Tensor:
        return -ring.log_density(walk(f, q.base_dist.rsample((B,)))).mean()

    floor = repeated(f.parameters(), without_determinants)
    ours = repeated(f.parameters(), lambda: reverse_kl(q, ring, B).mean())
    return compare("planar × 16", floor, ours, planar_peers(ring, B, PLANAR), 2.0, rounds)


def walk(f: PlanarStack, x: Tensor) -> Tensor:
    """What is left of planar layers when no determinant is asked for."""
    u, _ = constrained(f.u, f.w)
    for u_k, w_k, b_k in zip(u.unbind(), f.w.split(1), f.b.split(1)):
        x = torch.addcmul(x, u_k, F.linear(x, w_k, b_k).tanh())
    return x


def reverse_kl(q: Flow, target: Energy, num: int) -> Tensor:
    """log q − log p̃ at draws, `[num]`; its mean is KL − log Z."""
    z, log_q = q.rsample_and_log_prob((num,))
    return log_q - target.log_density(z)


def ring_gap(seed: int, steps: int = GAP_STEPS, rate: float = 0.01) -> tuple[float, float]:
    """log Z − ELBO of planar × 16 on the ring after training, and its standard error, in nats."""
    torch.manual_seed(seed)
    ring = energies()["ring"]
    q = Flow(StandardNormal(D), PlanarStack.learnable(D, length=PLANAR))
    optimiser = torch.optim.Adam(q.transform.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        reverse_kl(q, ring, B).mean().backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        terms = reverse_kl(q, ring, 200_000) + ring.log_normaliser
    return float(terms.mean()), float(terms.std()) / 200_000**0.5


def networks_alone(networks: Iterable[nn.Module], x: Tensor) -> Callable[[], int]:
    """The networks at x; all but the first also pass a gradient back, as in a flow."""
    networks = list(networks)
    inputs = [x.clone().requires_grad_(k > 0) for k in range(len(networks))]
    parameters = [p for network in networks for p in network.parameters()]
    return repeated(
        [*parameters, *inputs], lambda: sum(f(a).sum() for f, a in zip(networks, inputs))
    )


def main() -> None:
    """Print the table and the gaps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    print(table(lines(arguments.rounds)))
    for seed in arguments.seeds:
        gap, error = ring_gap(seed)
        verdict = "reached" if gap + 5 * error <= GAP_TARGET else "missed"
        print(f"gap on the ring, seed {seed}: {gap:.4f} ± {error:.4f}, {GAP_TARGET} {verdict}")


if __name__ == "__main__":
    main()
