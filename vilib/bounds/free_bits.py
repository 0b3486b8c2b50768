"""Free bits: a rate below a threshold costs nothing."""

from __future__ import annotations

from torch import Tensor

__all__ = ["free_bits"]


def free_bits(rate: Tensor, free_nats: float) -> Tensor:
    """The rate of a batch with `free_nats` free per latent dimension, group, or in total.

        ∑_g max(free_nats, 1/B ∑_b rate[b, g])

    It takes the place of `rate.mean()`. A group whose mean rate is below the threshold has a
    gradient of exactly 0: nothing drives it to collapse, and nothing brings it above either.

    What is compared with the threshold is the *mean of the batch*. To compare each datapoint is a
    mistake: then nothing is gained by coding a datapoint in fewer nats, though one that the prior
    explains should cost nothing and leave more to the others.

    Args:
        rate: KL(q(z | x) ‖ p(z)), nats; `[B, G]` for G dimensions or groups with a threshold each,
            `[B]` for one threshold on the total.
        free_nats: The threshold per group, in nats (the paper's λ; a bit is log 2 nats).

    Returns:
        The rate to be paid, `[]`, nats per datapoint.

    Raises:
        ValueError: A negative threshold, or a rate of another shape.

    Source: D. P. Kingma, T. Salimans, R. Jozefowicz, X. Chen, I. Sutskever and M. Welling, 2016,
        Improving Variational Inference with Inverse Autoregressive Flow, equation 15,
        https://arxiv.org/abs/1606.04934

    The second dimension of the example is not used; it costs .5, without a gradient.

    Example: the first dimension is used by one datapoint only, and still on average.
        >>> import torch
        >>> rate = torch.tensor([[2.0, 0.1], [0.0, 0.3]], requires_grad=True)  # B = 2, D = 2
        >>> paid = free_bits(rate, free_nats=0.5)
        >>> paid.backward()
        >>> paid.item(), rate.grad.tolist()
        (1.5, [[0.5, 0.0], [0.5, 0.0]])
    """
    if free_nats < 0:
        raise ValueError(f"free_nats is {free_nats}, expected 0 or more")
    if rate.dim() not in (1, 2):
        raise ValueError(f"rate must be [B] or [B, G], got {list(rate.shape)}")
    return rate.mean(0).clamp(min=free_nats).sum()
