# wrong: W belongs to the smallest eigenvalues
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values[:-num_latents].mean()
    W = vectors[:, :num_latents] * (values[:num_latents] - noise).abs().sqrt()
    return W, noise
