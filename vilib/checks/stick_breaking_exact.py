"""The map from the real line to the simplex by breaking a stick, with its log determinant."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import StickBreakingTransform
from torch.nn.functional import logsigmoid

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import (
    Transform,
    judge_finite,
    judge_transform,
    log_det_by_autograd,
)
from vilib.checks.mistake import passed

__all__ = ["stick_breaking_is_exact"]


@careful
def stick_breaking_is_exact(
    stick_breaking: Transform, *, seed: int, num_documents: int = 2, num_values: int = 4
) -> None:
    """zₖ = vₖ ∏_{j<k} (1 − vⱼ) with v = sigmoid(u), and log |det ∂z/∂u| of the first K − 1 entries.

    The determinant is compared with that of autograd's Jacobian.

    Args:
        stick_breaking: The learner's function: u `[B, K-1]` → (z `[B, K]`, log determinant `[B]`).
        seed: Draws u.
        num_documents: B.
        num_values: K.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> stick_breaking_is_exact(lambda u: (u.softmax(-1), u.sum(-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: z is not right: its shape is (2, 3), not (2, 4)...
    """
    generator = torch.Generator().manual_seed(seed)
    u = torch.randn(num_documents, num_values - 1, generator=generator, dtype=torch.double)
    truth = stick(u), log_det_by_autograd(lambda u: stick(u)[:-1], u)
    judge_transform(stick_breaking, u, truth, stick_mistakes(u, truth))
    edge = torch.tensor([[800.0, -800.0]], dtype=torch.double)
    # log v₁(1 − v₁) = −800; log v₂(1 − v₂) = −800, of a stick whose log length is −800 again
    log_det = torch.tensor([-2400.0], dtype=torch.double)
    judge_finite(stick_breaking, edge, (torch.eye(3, dtype=torch.double)[:1], log_det))
    passed(f"stick-breaking and its log determinant, {num_values} values")


def stick(u: Tensor) -> Tensor:
    """The pieces of a stick of length 1, `[..., K]`."""
    v = u.sigmoid()
    left = torch.cumprod(1 - v, -1)
    one = torch.ones_like(v[..., :1])
    return torch.cat([v, one], -1) * torch.cat([one, left], -1)


def stick_mistakes(
    u: Tensor, truth: tuple[Tensor, Tensor]
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """What each known mistake gives for z `[B, K]` and for the log determinant `[B]`."""
    (z, log_det), v = truth, u.sigmoid()
    log_v, log_rest = logsigmoid(u), logsigmoid(-u)
    own = (log_v + log_rest).sum(-1)
    zero, left = torch.zeros_like(u[..., :1]), torch.cumprod(1 - v, -1)
    before = torch.cat([zero, log_rest.cumsum(-1)[..., :-1]], -1)
    terms = log_v + log_rest + before
    return {
        "the last piece, what is left of the stick, is missing": z[..., :-1],
        "every piece is a share of the whole stick: multiply by what is left": (
            torch.cat([v, 1 - v.sum(-1, keepdim=True)], -1)
        ),
        "each piece is a share of what is left after its own break, not before it": torch.cat(
            [v * left, left[..., -1:]], -1
        ),
        "v and 1 − v are swapped": stick(-u),
        "it is log z: take the exponential": z.log(),
        "it is torch's StickBreakingTransform, which shifts u; here v = σ(u)": (
            StickBreakingTransform()(u)
        ),
        "it is a softmax with a last logit of 0": torch.cat([u, zero], -1).softmax(-1),
    }, {
        "the length of stick that is left is missing from each term": own,
        "the sign is flipped: this is the log determinant of the inverse": -log_det,
        "it is averaged over pieces: a log determinant sums": terms.mean(-1),
        "it is not summed over pieces": terms,
        "the last term is missing": terms[..., :-1].sum(-1),
        "the derivative of the sigmoid is v(1 − v): only log v is there": (log_v + before).sum(-1),
        "the derivative of the sigmoid is v(1 − v): only log(1 − v) is there": (
            (log_rest + before).sum(-1)
        ),
        "the stick is shortened by its own piece too early": (
            (log_v + log_rest + log_rest.cumsum(-1)).sum(-1)
        ),
        "the logarithm is missing: this is the determinant": log_det.exp(),
        "it is summed over documents too": log_det.sum(),
    }
