# wrong: it is summed over the batch; one number per review is expected
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    return (Bernoulli(logits=logits).log_prob(z) * mask).sum((-2, -1))
