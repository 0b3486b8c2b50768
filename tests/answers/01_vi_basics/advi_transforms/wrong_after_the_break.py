# wrong: what is left after its own break, not before it
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return softplus(u), logsigmoid(u).sum(-1)


def stick_breaking(u):
    log_left = logsigmoid(-u).cumsum(-1)
    pieces = torch.cat([logsigmoid(u) + log_left, log_left[..., -1:]], -1)
    return pieces.exp(), (logsigmoid(u) + log_left).sum(-1)
