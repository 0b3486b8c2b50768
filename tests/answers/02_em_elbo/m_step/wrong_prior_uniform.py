# wrong: it has to be estimated as well
import torch


def m_step(responsibilities, counts, smoothing):
    log_prior = torch.zeros_like(responsibilities[0]).log_softmax(-1)
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
