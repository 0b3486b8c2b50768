# wrong: z and 1 − z are swapped
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    return (Bernoulli(logits=logits).log_prob(1 - z) * mask).sum(-1)
