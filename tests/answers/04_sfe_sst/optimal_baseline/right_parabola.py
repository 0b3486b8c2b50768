# right: the vertex of the parabola through three variances, a float comes back
import torch
from torch.distributions import Bernoulli, Independent


def optimal_baseline(logits, masks, rewards):
    q = Independent(Bernoulli(logits=logits), 1).log_prob(masks).exp()
    score = masks - torch.sigmoid(logits)

    def variance(b):
        estimates = (rewards - b)[:, None] * score
        return (q @ estimates**2 - (q @ estimates) ** 2).sum()

    low, middle, high = (variance(b) for b in (-1.0, 0.0, 1.0))
    return ((low - high) / (2 * (low + high - 2 * middle))).item()
