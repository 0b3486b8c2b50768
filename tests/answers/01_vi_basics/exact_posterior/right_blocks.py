# right: Bayes' rule after each block of words, evidence by the chain rule
import torch


def exact_posterior(prior, heads, flips):
    log_posterior = prior.log().expand(len(flips), -1)
    log_evidence = torch.zeros_like(flips[:, 0])
    for block in flips.split(100, dim=1):
        likelihood = torch.where(block[..., None] > 0, heads, 1 - heads).log().sum(1)
        log_joint = log_posterior + likelihood
        step = log_joint.logsumexp(-1, keepdim=True)
        log_posterior = log_joint - step
        log_evidence = log_evidence + step[:, 0]
    return log_posterior, log_evidence
