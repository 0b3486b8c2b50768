# wrong: turn round both, or none
import torch


def ppca_optimum(x, num_latents):
    D = num_latents
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    values = values.flip(-1)
    noise = values[D:].mean()
    return vectors[:, :D] * (values[:D] - noise).sqrt(), noise
