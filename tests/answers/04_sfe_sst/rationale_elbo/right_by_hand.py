# right: p log(p/r) + (1 − p) log((1 − p)/(1 − r))
import torch


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    p, r = torch.sigmoid(logits), prior_rate
    each = p * (p / r).log() + (1 - p) * ((1 - p) / (1 - r)).log()
    return log_likelihood.mean(0) - torch.where(mask, each, 0.0).sum(-1)
