# wrong: padding is counted
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    return Bernoulli(logits=logits).log_prob(z).sum(-1)
