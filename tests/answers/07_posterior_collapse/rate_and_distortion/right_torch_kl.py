# right: torch's KL of categoricals
import torch
from torch.distributions import Categorical, kl_divergence


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = kl_divergence(Categorical(q), Categorical(prior.expand_as(q)))
    loss = -torch.einsum("nk,nk->n", q, log_likelihood)
    return (data * kl).sum(), (data * loss).sum()
