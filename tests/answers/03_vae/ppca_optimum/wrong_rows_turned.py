# wrong: the rows of what eigh returns are turned round
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    values, vectors = values.flip(0), vectors.flip(0)
    noise = values[num_latents:].mean()
    return vectors[:, :num_latents] * (values[:num_latents] - noise).sqrt(), noise
