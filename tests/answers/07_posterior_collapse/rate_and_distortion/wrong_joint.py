# wrong: log p(z) is in it too; it belongs to the rate
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    distortion = -(q * (log_likelihood + prior.log())).sum(-1)
    return data @ rate, data @ distortion
