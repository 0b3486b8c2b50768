# wrong: no gradient flows back from it; something on the way is detached
from torch.distributions import Bernoulli


def log_pmf(z, logits, mask):
    return (Bernoulli(logits=logits.detach()).log_prob(z) * mask).sum(-1)
