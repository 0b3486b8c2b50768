# right: worked out with NumPy
import numpy as np
import torch


def ppca_optimum(x, num_latents):
    values, vectors = np.linalg.eigh(np.cov(x.numpy().T, bias=True))
    order = np.argsort(values)[::-1]
    values, vectors = values[order], vectors[:, order]
    noise = values[num_latents:].mean()
    weight = vectors[:, :num_latents] * np.sqrt(values[:num_latents] - noise)
    return torch.from_numpy(weight), float(noise)
