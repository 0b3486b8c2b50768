# right: torch.addcmul
import torch


def reparameterised_sample(mean, log_variance, noise):
    return torch.addcmul(mean, torch.exp(log_variance / 2), noise)
