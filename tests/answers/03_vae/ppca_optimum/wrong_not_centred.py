# wrong: the data are not centred
import torch


def ppca_optimum(x, num_latents):
    values, vectors = torch.linalg.eigh(x.T @ x / len(x))
    noise = values[:-num_latents].mean()
    W = vectors[:, -num_latents:] * (values[-num_latents:] - noise).sqrt()
    return W, noise
