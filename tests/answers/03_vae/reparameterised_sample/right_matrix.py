# right: a diagonal matrix times the noise
import torch


def reparameterised_sample(mean, log_variance, noise):
    root = torch.diag_embed(log_variance.exp().sqrt())
    return mean + torch.einsum("bij,sbj->sbi", root, noise)
