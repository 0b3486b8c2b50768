# wrong: turn round both, or none
import torch


def ppca_optimum(x, num_latents):
    D = num_latents
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values[:-D].mean()
    return vectors.flip(-1)[:, :D] * (values[-D:] - noise).sqrt(), noise
