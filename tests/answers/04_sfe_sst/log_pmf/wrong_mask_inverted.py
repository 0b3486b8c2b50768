# wrong: padding is kept and the words are dropped
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    each = Bernoulli(logits=logits).log_prob(z)
    return each.masked_fill(mask, 0.0).sum(-1)
