# wrong: all eigenvalues are averaged
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values.mean()
    W = vectors[:, -num_latents:] * (values[-num_latents:] - noise).sqrt()
    return W, noise
