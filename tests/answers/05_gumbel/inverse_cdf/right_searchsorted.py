# right: searchsorted
import torch


def inverse_cdf(probs, u):
    edges = probs.detach().cumsum(-1)[:-1].contiguous()
    return torch.eye(len(probs), dtype=probs.dtype)[torch.searchsorted(edges, u)]


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
