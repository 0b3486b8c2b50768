# right: counting how often each break is used
import torch
from torch.nn.functional import logsigmoid


def softplus_transform(u):
    return torch.logaddexp(u, torch.zeros_like(u)), torch.einsum("bd->b", logsigmoid(u))


def stick_breaking(u):
    v, n = u.sigmoid(), u.shape[-1]
    left = (1 - v).cumprod(-1)
    z = torch.cat([v[..., :1], v[..., 1:] * left[..., :-1], left[..., -1:]], -1)
    times = torch.arange(n, 0, -1, dtype=u.dtype)
    return z, logsigmoid(u).sum(-1) + (times * logsigmoid(-u)).sum(-1)
