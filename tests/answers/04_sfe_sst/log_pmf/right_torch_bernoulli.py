# right: torch's Bernoulli, in float32
import torch
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    q = Bernoulli(logits=logits.float())
    return torch.einsum("sbt,bt->sb", q.log_prob(z.float()), mask.float())
