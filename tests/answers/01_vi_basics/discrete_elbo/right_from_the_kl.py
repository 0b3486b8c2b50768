# right: log evidence minus the KL to the posterior
import torch


def discrete_elbo(q, log_joint):
    log_evidence = log_joint.logsumexp(-1)
    log_ratio = torch.where(q > 0, q, 1).log() - log_joint.log_softmax(-1)
    return log_evidence - (q * log_ratio).sum(-1)
