# right: a logit per coin and a matrix product
import torch


def exact_posterior(prior, heads, flips):
    log_odds = torch.log(heads) - torch.log1p(-heads)
    T = flips.shape[1]
    log_joint = flips.sum(1)[:, None] @ log_odds[None] + T * torch.log1p(-heads) + prior.log()
    return log_joint.log_softmax(-1), log_joint.logsumexp(-1)
