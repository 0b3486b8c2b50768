# right: slices, and division in place of a negative exponent
import torch


def coupling(x, network):
    half = x.shape[-1] // 2
    t, s = network(x[:, :half])
    y = x.clone()
    y[:, half:] = torch.addcmul(t, x[:, half:], torch.exp(s))
    return y, s.sum(dim=1)


def coupling_inverse(y, network):
    half = y.shape[-1] // 2
    t, s = network(y[:, :half])
    return torch.hstack([y[:, :half], (y[:, half:] - t) / torch.exp(s)]), (-s).sum(dim=1)
