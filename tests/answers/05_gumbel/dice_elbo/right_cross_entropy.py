# right: cross entropy less entropy
import torch


def dice_elbo(log_likelihood, z, logits, prior_logits):
    q = torch.softmax(logits, -1)
    cross = -(q * torch.log_softmax(prior_logits, -1)).sum(-1)
    entropy = torch.special.entr(q).sum(-1)
    return log_likelihood.sum(0) / len(log_likelihood) - (cross - entropy).sum(-1)
