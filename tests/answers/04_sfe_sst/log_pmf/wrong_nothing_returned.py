# wrong: the function returned None; is a `return` missing?
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    (Bernoulli(logits=logits).log_prob(z) * mask).sum(-1)
