# right: one review after the other
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    elbos = []
    for told, review, words in zip(log_likelihood.T, logits, mask):
        q = Bernoulli(logits=review[words])
        elbos.append(told.mean() - kl_divergence(q, Bernoulli(prior_rate + 0 * q.probs)).sum())
    return torch.stack(elbos)
