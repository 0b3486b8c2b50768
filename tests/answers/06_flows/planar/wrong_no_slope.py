# wrong: the slope h′ of the tanh is missing
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * t.unsqueeze(-1), torch.log(1 + (w @ u)).expand(len(x))
