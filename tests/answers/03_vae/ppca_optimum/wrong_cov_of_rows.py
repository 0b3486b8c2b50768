# wrong: the covariance is that of the rows
import torch


def ppca_optimum(x, num_latents):
    D = num_latents
    values, vectors = torch.linalg.eigh(torch.cov(x, correction=0))
    noise = values[:-D].mean()
    return vectors[:, -D:] * (values[-D:] - noise).sqrt(), noise
