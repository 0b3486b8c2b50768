# right: Σ q(z) r(z) (z − p)
import torch
from torch.distributions import Bernoulli


def exact_gradient(logits, masks, rewards):
    log_q = Bernoulli(logits=logits).log_prob(masks).sum(-1)
    return (log_q.exp() * rewards) @ (masks - torch.sigmoid(logits))
