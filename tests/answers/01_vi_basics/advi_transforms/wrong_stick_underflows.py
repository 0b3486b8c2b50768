# wrong: it is not finite at extreme u
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return softplus(u), logsigmoid(u).sum(-1)


def stick_breaking(u):
    v = torch.sigmoid(u)
    one = torch.ones_like(u[..., :1])
    left = torch.cat([one, (1 - v).cumprod(-1)], -1)
    z = torch.cat([v, one], -1) * left
    return z, torch.log(v * (1 - v) * left[..., :-1]).sum(-1)
