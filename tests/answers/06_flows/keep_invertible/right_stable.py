# right: softplus written out
import torch


def keep_invertible(u, w):
    s = torch.dot(w, u)
    soft = torch.clamp(s, min=0) + torch.log1p(torch.exp(-s.abs()))
    return u + w * (soft - 1 - s) / w.pow(2).sum()
