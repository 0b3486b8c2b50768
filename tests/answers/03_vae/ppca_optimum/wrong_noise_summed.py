# wrong: the discarded eigenvalues are summed
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values[:-num_latents].sum()
    W = vectors[:, -num_latents:] * (values[-num_latents:] - noise).sqrt()
    return W, noise
