# right: one sample after the other
import torch


def reparameterised_sample(mean, log_variance, noise):
    sd = torch.exp(log_variance / 2)
    return torch.stack([mean + sd * e for e in noise])
