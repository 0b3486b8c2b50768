# wrong: every piece is a share of the whole stick
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return softplus(u), logsigmoid(u).sum(-1)


def stick_breaking(u):
    v = torch.sigmoid(u)
    z = torch.cat([v, 1 - v.sum(-1, keepdim=True)], -1)
    return z, (logsigmoid(u) + logsigmoid(-u)).sum(-1)
