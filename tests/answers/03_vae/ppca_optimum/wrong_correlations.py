# wrong: correlations are used
import torch


def ppca_optimum(x, num_latents):
    D = num_latents
    values, vectors = torch.linalg.eigh(torch.corrcoef(x.T))
    noise = values[:-D].mean()
    return vectors[:, -D:] * (values[-D:] - noise).sqrt(), noise
