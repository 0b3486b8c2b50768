# wrong: an axis of length 1 is gone
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return softplus(u), logsigmoid(u).sum(-1)


def stick_breaking(u):
    log_left, zero = logsigmoid(-u).cumsum(-1), torch.zeros_like(u[..., :1])
    log_z = torch.cat([logsigmoid(u), zero], -1) + torch.cat([zero, log_left], -1)
    return log_z.exp().squeeze(), (logsigmoid(u) + log_left).sum(-1).squeeze()
