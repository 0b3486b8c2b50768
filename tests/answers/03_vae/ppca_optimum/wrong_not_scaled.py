# wrong: the eigenvectors are not scaled
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values[:-num_latents].mean()
    W = vectors[:, -num_latents:]
    return W, noise
