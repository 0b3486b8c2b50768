# right: the log determinant as the sum of all log z
import torch
from torch.nn.functional import logsigmoid, softplus


def softplus_transform(u):
    return -logsigmoid(-u), -softplus(-u).sum(-1)


def stick_breaking(u):
    log_left = torch.zeros_like(u[..., 0])
    pieces = []
    for k in range(u.shape[-1]):
        pieces.append(log_left + logsigmoid(u[..., k]))
        log_left = log_left + logsigmoid(-u[..., k])
    log_z = torch.stack([*pieces, log_left], -1)
    return log_z.exp(), log_z.sum(-1)
