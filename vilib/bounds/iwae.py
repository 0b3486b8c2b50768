"""The importance-weighted bound."""

from __future__ import annotations

from torch import Tensor

from vilib.bounds.log_mean_exp import log_mean_exp

__all__ = ["iwae"]


def iwae(log_weights: Tensor) -> Tensor:
    """The importance-weighted bound per datapoint, in nats; higher is better.

        log 1/S ∑ₛ w(zₛ),  w(z) = p(x, z) / q(z | x),  zₛ ~ q

    Its mean is the ELBO for S = 1, grows with S, and never exceeds log p(x), which it reaches as
    S → ∞ if the ELBO is finite and q has mass wherever p(x, z) has. The logarithm stands *outside*
    the mean: the mean of log w is the ELBO, whatever S.

    The gradient is that of ∑ₛ w̃ₛ log wₛ with the normalised weights w̃ held fixed. Its signal on
    λ fades against its noise as S grows (Rainforth et al., 2018); DReG among the estimators of
    `vilib.estimators` mends that, and VIMCO serves a discrete q, for which this gradient lacks
    the samples' own dependence on λ.

    Args:
        log_weights: log w, `[S, B]`, from `vilib.bounds.log_weights`.

    Returns:
        The bound, `[B]`; -∞, with gradient 0, where all samples are impossible.

    Source: Y. Burda, R. Grosse and R. Salakhutdinov, 2016, Importance Weighted Autoencoders,
        https://arxiv.org/abs/1509.00519; T. Rainforth, A. R. Kosiorek, T. A. Le, C. J. Maddison,
        M. Igl, F. Wood and Y. W. Teh, 2018, Tighter Variational Bounds are Not Necessarily Better,
        https://arxiv.org/abs/1802.04537

    Example: the weights 1 and 3 of one datapoint; log 2, where the ELBO is log √3.
        >>> import torch
        >>> log_w = torch.tensor([[1.0], [3.0]]).log()
        >>> iwae(log_w), log_w.mean(0)
        (tensor([0.6931]), tensor([0.5493]))
    """
    return log_mean_exp(log_weights)
