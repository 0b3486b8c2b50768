# right: the words of one review at a time, by torch.distributions
import torch
from torch.distributions import Bernoulli, Independent


def log_pmf(z, logits, mask):
    reviews = []
    for b, words in enumerate(mask):
        q = Independent(Bernoulli(logits=logits[b, words]), 1)
        reviews.append(q.log_prob(z[:, b, words]))
    return torch.stack(reviews, -1)
