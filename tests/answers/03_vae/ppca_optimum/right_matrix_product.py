# right: a product with a diagonal matrix, as the formula has it
import torch


def ppca_optimum(x, num_latents):
    b = x.mean(dim=0, keepdim=True)
    S = sum(torch.outer(row, row) for row in x - b) / x.shape[0]
    values, U = torch.linalg.eigh(S)
    values, U = values.flip(-1), U.flip(-1)
    s2 = values[num_latents:].sum() / (x.shape[1] - num_latents)
    scale = torch.diag(torch.sqrt(values[:num_latents] - s2))
    return U[:, :num_latents] @ scale, s2
