# wrong: the last term is missing
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return softplus(u), logsigmoid(u).sum(-1)


def stick_breaking(u):
    zero = torch.zeros_like(u[..., :1])
    log_left = logsigmoid(-u).cumsum(-1)
    z = (torch.cat([logsigmoid(u), zero], -1) + torch.cat([zero, log_left], -1)).exp()
    return z, (logsigmoid(u) + log_left)[..., :-1].sum(-1)
