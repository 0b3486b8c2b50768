# wrong: the discarded eigenvalues are divided by P
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0))
    noise = values[:-num_latents].sum() / x.shape[1]
    W = vectors[:, -num_latents:] * (values[-num_latents:] - noise).sqrt()
    return W, noise
