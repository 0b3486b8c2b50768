# wrong: the sigmoid is applied twice
import torch


def bernoulli_log_pmf(logits, x):
    from_probability = torch.sigmoid(logits)
    return torch.distributions.Bernoulli(logits=from_probability).log_prob(x)
