# right: einsum
import torch


def pathwise_gradient(slope, mean, log_sd, noise):
    step = noise * torch.exp(log_sd)
    g = slope(mean + step) / noise.shape[0]
    return g.sum(0), torch.einsum("sd,sd->d", g, step)
