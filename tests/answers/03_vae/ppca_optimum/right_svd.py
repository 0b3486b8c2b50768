# right: a singular value decomposition
import torch


def ppca_optimum(x, num_latents):
    centred = x - x.mean(0)
    _, s, Vt = torch.linalg.svd(centred, full_matrices=False)
    values = s**2 / len(x)
    noise = values[num_latents:].mean()
    return Vt[:num_latents].T @ torch.diag((values[:num_latents] - noise).sqrt()), noise
