# right: the formula with softplus
import torch
from torch.nn.functional import softplus


def mended_nelbo(x, encode, decode, noise):
    out = encode(x)
    D = out.shape[-1] // 2
    mean, log_sd = out[:, :D], out[:, D:] / 2
    a = decode(torch.addcmul(mean, log_sd.exp(), noise))
    nelbo = softplus(a).sum() - (x * a).sum()
    nelbo = nelbo + 0.5 * (torch.exp(2 * log_sd) + mean.square() - 1).sum() - log_sd.sum()
    return nelbo / len(x)
