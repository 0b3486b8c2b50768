# wrong: a binomial coefficient is in it
import torch


def exact_posterior(prior, heads, flips):
    n, h = torch.full_like(flips[:, 0], flips.shape[1]), flips.sum(1)
    orders = torch.lgamma(n + 1) - torch.lgamma(h + 1) - torch.lgamma(n - h + 1)
    log_joint = prior.log() + h[:, None] * heads.log() + (n - h)[:, None] * (1 - heads).log()
    log_joint = log_joint + orders[:, None]
    log_evidence = log_joint.logsumexp(-1)
    return log_joint - log_evidence[:, None], log_evidence
