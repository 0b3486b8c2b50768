# right: energy and entropy
import math


def nelbo_loss(log_likelihood, mean, log_variance):
    entropy = 0.5 * (log_variance + math.log(2 * math.pi) + 1).sum(-1)
    energy = 0.5 * (log_variance.exp() + mean**2 + math.log(2 * math.pi)).sum(-1)
    elbo = log_likelihood.mean(0) - energy + entropy
    return -elbo.mean(), energy - entropy
