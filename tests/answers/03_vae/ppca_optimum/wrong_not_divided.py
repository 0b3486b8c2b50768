# wrong: the covariance is not divided by N
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(torch.cov(x.T, correction=0) * len(x))
    noise = values[:-num_latents].mean()
    W = vectors[:, -num_latents:] * (values[-num_latents:] - noise).sqrt()
    return W, noise
