# wrong: it is the logarithm of z
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    z = softplus(u)
    return z, z.log().sum(-1)


def stick_breaking(u):
    zero = torch.zeros_like(u[..., :1])
    log_left = logsigmoid(-u).cumsum(-1)
    z = (torch.cat([logsigmoid(u), zero], -1) + torch.cat([zero, log_left], -1)).exp()
    return z, (logsigmoid(u) + log_left).sum(-1)
