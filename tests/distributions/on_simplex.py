"""Integrals over all faces of a simplex, vertices included: what mixed densities must add up to."""

import itertools

import numpy as np
import torch


def rule(num):
    """Gauss-Legendre nodes and weights on [0, 1]."""
    x, w = np.polynomial.legendre.leggauss(num)
    return torch.tensor((x + 1) / 2), torch.tensor(w / 2)


def interior(m, num):
    """Points `[N, m]` inside the simplex with m vertices, and weights per m - 1 coordinates.

    By breaking sticks: the cube is folded onto the simplex.
    """
    x, w = rule(num)
    z, weight, rest = torch.ones(1, 0).double(), torch.ones(1).double(), torch.ones(1).double()
    for _ in range(m - 1):
        piece = rest[:, None] * x
        z = torch.cat([z.repeat_interleave(num, 0), piece.reshape(-1, 1)], -1)
        weight = (weight[:, None] * rest[:, None] * w).flatten()
        rest = (rest[:, None] - piece).flatten()
    return torch.cat([z, rest[:, None]], -1), weight


def by_face(K, num):
    """Face (as a tuple of vertices), points `[N, K]` on it and weights `[N]`."""
    for m in range(1, K + 1):
        for face in itertools.combinations(range(K), m):
            inner, weight = interior(m, num)
            z = torch.zeros(len(inner), K).double()
            z[:, face] = inner
            yield face, z, weight


def masses(log_prob, K, num):
    """The integral of exp log_prob over each face, by face."""
    return {face: (log_prob(z).exp() * w).sum() for face, z, w in by_face(K, num)}


def expectation(log_prob, f, K, num):
    """E[f(z)], differentiable in the parameters of log_prob."""
    return sum((log_prob(z).exp() * w * f(z)).sum() for _, z, w in by_face(K, num))


def number(face):
    """The row of `vilib.distributions.faces` that a tuple of vertices is."""
    return sum(2**k for k in face) - 1


def frequencies(z):
    """How often each face was drawn, `[2ᴷ - 1]`, from samples `[S, K]`."""
    K = z.shape[-1]
    code = ((z > 0) * 2 ** torch.arange(K, device=z.device)).sum(-1)
    return torch.bincount(code, minlength=2**K)[1:].cpu() / len(z)
