# wrong: each point has its own
import torch


def radial(x, centre, alpha, beta):
    away = x - centre
    r = away.norm()
    h = 1 / (alpha + r)
    log_det = (x.shape[-1] - 1) * torch.log1p(beta * h) + torch.log1p(beta * h - beta * r * h**2)
    return x + beta * h * away, log_det.expand(len(x))
