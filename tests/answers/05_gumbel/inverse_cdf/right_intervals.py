# right: each face asks whether u is in its interval
import torch


def inverse_cdf(probs, u):
    above = probs.cumsum(-1)
    above = torch.cat([above[:-1], torch.ones(1, dtype=probs.dtype)])
    below = torch.cat([torch.zeros(1, dtype=probs.dtype), above[:-1]])
    return ((u[:, None] > below) & (u[:, None] <= above)).to(probs.dtype)


def slope_of_sample(probs, direction, u, step):
    rows = []
    for number in u:
        up = inverse_cdf(probs + step * direction, number[None])[0]
        rows.append((up - inverse_cdf(probs - step * direction, number[None])[0]) / step / 2)
    return torch.stack(rows)
