# right: in float32, by a matrix product
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    p, q, prior = data.float(), q.float(), prior.float()
    rate = torch.dot(p, torch.xlogy(q, q / prior).sum(1))
    return rate, -torch.trace((p[:, None] * q) @ log_likelihood.float().T)
