"""DisARM for categoricals, coin by coin, with right and wrong weights of the coins."""

import torch
from torch.distributions import OneHotCategorical
from torch.nn.functional import one_hot

from vilib.estimators import Estimator, antithetic
from vilib.estimators.contract import innermost


class Coins(Estimator):
    """½ (f(z) - f(z̃)) weight · α, with a weight per coin and nothing integrated out by hand."""

    def __init__(self, weight):
        self.weight = weight

    def __call__(self, q, f, num_samples=1):
        a = innermost(q).logits
        K = a.shape[-1]
        tails = a.flip(-1).logcumsumexp(-1).flip(-1)
        alpha = a[..., :-1] - tails[..., 1:]
        both = antithetic.bits(antithetic.uniforms(num_samples, alpha), alpha.sigmoid().detach())
        stops = torch.cat([both, torch.ones_like(both[..., :1])], -1)
        z = (stops * torch.arange(K, 0, -1)).argmax(-1)  # the first that stops
        values = f(one_hot(z, K).to(a) if isinstance(innermost(q), OneHotCategorical) else z)
        weight = self.weight(*both.chunk(2), *z.chunk(2), alpha.detach())
        return antithetic.surrogate(values, weight * alpha)


def plain(b, mirrored, z, other, alpha):
    """DisARM for every coin, thrown or not."""
    return (b - mirrored) * alpha.abs().sigmoid()


def dropped(b, mirrored, z, other, alpha):
    """Coins that neither side looks at are left out."""
    k = torch.arange(alpha.shape[-1])
    return plain(b, mirrored, z, other, alpha) * (k <= torch.maximum(z, other)[..., None])


def dropped_too_many(b, mirrored, z, other, alpha):
    """Wrong: coins that one side still looks at are left out as well."""
    k = torch.arange(alpha.shape[-1])
    return plain(b, mirrored, z, other, alpha) * (k <= torch.minimum(z, other)[..., None])


def without_sign(b, mirrored, z, other, alpha):
    """Wrong: (-1)^b̃ is lost."""
    return (b != mirrored) * alpha.abs().sigmoid()


def without_absolute(b, mirrored, z, other, alpha):
    """Wrong: σ(α) for σ(|α|)."""
    return (b - mirrored) * alpha.sigmoid()
