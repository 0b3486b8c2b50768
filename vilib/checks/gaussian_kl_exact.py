"""KL between diagonal Gaussians."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.distributions import Normal

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.squeezed import squeezed

__all__ = ["gaussian_kl_is_exact"]

GaussianKL = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


@careful
def gaussian_kl_is_exact(
    gaussian_kl: GaussianKL, *, seed: int, num_documents: int = 2, num_dimensions: int = 3
) -> None:
    """KL(N(m, v) ‖ N(n, w)), summed over dimensions, against quadrature; 0 where q = p.

    Args:
        gaussian_kl: The learner's function: mean of q, log variance of q, mean of p, log variance
            of p, all `[B, D]` → `[B]`, nats.
        seed: Draws the Gaussians.
        num_documents: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> gaussian_kl_is_exact(lambda m, a, n, b: m - n, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: KL(q‖p) is not right: its shape is (2, 3), not (2,)...
    """
    generator = torch.Generator().manual_seed(seed)

    def draw(shift: float) -> Tensor:
        shape = (num_documents, num_dimensions)
        return torch.rand(shape, generator=generator, dtype=torch.double) + shift

    # positive log variances first: one that is taken for a standard deviation has a value there
    for shift in (0.3, -1.2):
        m, lv_q, n, lv_p = draw(-1.0), draw(shift), draw(0.5), draw(shift)
        yours = gaussian_kl(m.clone(), lv_q.clone(), n.clone(), lv_p.clone())
        truth = by_quadrature(m, lv_q, n, lv_p)
        expect("KL(q‖p)", yours, truth, kl_mistakes(m, lv_q, n, lv_p))
    one = gaussian_kl(m[:1].clone(), lv_q[:1].clone(), n[:1].clone(), lv_p[:1].clone())
    alone = squeezed(truth[:1]) | kl_mistakes(m[:1], lv_q[:1], n[:1], lv_p[:1])
    expect("KL(q‖p) of a single document", one, truth[:1], alone)
    expect("KL(q‖q)", gaussian_kl(m, lv_q, m, lv_q), torch.zeros_like(truth))
    passed(f"KL(q‖p) of {num_documents} Gaussians in {num_dimensions} dimensions, and KL(q‖q) = 0")


def by_quadrature(m: Tensor, lv_q: Tensor, n: Tensor, lv_p: Tensor) -> Tensor:
    """E_q[log q − log p] by Gauss–Legendre per dimension, summed, `[B]`."""
    q, p = Normal(m, (lv_q / 2).exp()), Normal(n, (lv_p / 2).exp())
    return exact.expectation(q, lambda z: q.log_prob(z) - p.log_prob(z), nodes()).sum(-1)


@lru_cache
def nodes() -> exact.Points:
    """Quadrature nodes that hold every q drawn here; finding them costs more than all the rest."""
    return exact.quadrature(-24.0, 24.0, num=400)


def reduction_mistakes(kl: Tensor) -> dict[str, Tensor]:
    """What comes of means and sums over the wrong axes; KL per dimension, `[B, D]`."""
    return {
        "it is averaged over dimensions: a KL sums over them": kl.mean(-1),
        "it is summed over documents too: one KL per document is asked for": kl.sum(),
        "it is averaged over documents: one KL per document is asked for": kl.sum(-1).mean(),
        "it is averaged over everything: sum over dimensions, keep the documents": kl.mean(),
        "it is not summed over dimensions": kl,
        "it is summed over documents, not over dimensions": kl.sum(0),
        "it should be [B]: drop the last axis (no keepdim)": kl.sum(-1, keepdim=True),
    }


def kl_mistakes(m: Tensor, lv_q: Tensor, n: Tensor, lv_p: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the KL, `[B]`."""

    def terms(v: Tensor, w: Tensor, log_ratio: Tensor, scale: Tensor | None = None) -> Tensor:
        return 0.5 * (v / w + (m - n) ** 2 / (w if scale is None else scale) - 1 + log_ratio)

    v, w, r = lv_q.exp(), lv_p.exp(), lv_p - lv_q
    kl = terms(v, w, r)
    sd_v, sd_w = (lv_q / 2).exp(), (lv_p / 2).exp()
    return reduction_mistakes(kl) | {
        "the direction is reversed: this is KL(p‖q)": terms(w, v, -r, v).sum(-1),
        "the log variance is taken for the log of the standard deviation": (
            terms(v**2, w**2, 2 * r).sum(-1)
        ),
        "the log variance is taken for the standard deviation": (
            terms(lv_q**2, lv_p**2, 2 * (lv_p.abs().log() - lv_q.abs().log())).sum(-1)
        ),
        "the log variance is taken for the variance": (
            terms(lv_q, lv_p, lv_p.log() - lv_q.log()).sum(-1)
        ),
        "the standard deviation is used where the variance belongs": terms(sd_v, sd_w, r).sum(-1),
        "the factor ½ is missing": 2 * kl.sum(-1),
        "the −1 per dimension is missing": (kl + 0.5).sum(-1),
        "the log ratio of the variances has the wrong sign": terms(v, w, -r).sum(-1),
        "the log ratio of the variances is missing": terms(v, w, torch.zeros_like(r)).sum(-1),
        "the difference of means is divided by the variance of q, not of p": (
            terms(v, w, r, v).sum(-1)
        ),
        "the difference of means is not squared": (kl + 0.5 * (m - n - (m - n) ** 2) / w).sum(-1),
        "the sign is flipped: a KL is never negative": -kl.sum(-1),
        "the means are missing": terms(v, w, r, torch.full_like(w, torch.inf)).sum(-1),
        "p is taken for N(0, 1)": 0.5 * (v + m**2 - 1 - lv_q).sum(-1),
        "the −1 belongs to every dimension: it is subtracted once": (kl + 0.5).sum(-1) - 0.5,
        "the factor ½ belongs to all terms": (2 * kl - 0.5 * v / w).sum(-1),
        "the difference of means is divided by the log variance": terms(v, w, r, lv_p).sum(-1),
        "the difference of means is multiplied by the variance of p, not divided": (
            terms(v, w, r, 1 / w).sum(-1)
        ),
        "the log ratio of the variances is halved twice": terms(v, w, r / 2).sum(-1),
        "the ratio of the log variances stands where that of the variances belongs": (
            terms(lv_q / lv_p, torch.ones_like(w), r, w).sum(-1)
        ),
    }
