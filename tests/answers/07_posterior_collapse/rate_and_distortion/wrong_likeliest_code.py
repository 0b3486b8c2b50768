# wrong: only the likeliest z counts; it is a mean under q
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    distortion = -log_likelihood.gather(-1, q.argmax(-1, keepdim=True))[:, 0]
    return data @ rate, data @ distortion
