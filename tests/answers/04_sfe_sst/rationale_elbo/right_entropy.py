# right: cross-entropy minus entropy, the mean taken last
import torch
from torch.distributions import Bernoulli


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    p = torch.sigmoid(logits)
    entropy = Bernoulli(logits=logits).entropy()
    r = torch.tensor(prior_rate)
    cross = -(p * r.log() + (1 - p) * (1 - r).log())
    rate = ((cross.double() - entropy) * mask).sum(-1)
    return (log_likelihood - rate).mean(0)
