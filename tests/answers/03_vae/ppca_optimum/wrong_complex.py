# wrong: complex numbers came back
import torch


def ppca_optimum(x, num_latents):
    D = num_latents
    values, vectors = torch.linalg.eig(torch.cov(x.T, correction=0))
    order = values.real.argsort(descending=True)
    values, vectors = values[order], vectors[:, order]
    noise = values[D:].mean()
    return vectors[:, :D] * (values[:D] - noise).sqrt(), noise
