# wrong: the KL has only the term of marked words
import torch


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    p = torch.sigmoid(logits)
    kl = p * torch.log(p / prior_rate)
    return log_likelihood.mean(0) - (kl * mask).sum(-1)
