# right: W rotated in latent space
import torch


def ppca_optimum(x, num_latents):
    centred = x - x.mean(0)
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(x))
    values, vectors = values.flip(-1), vectors.flip(-1)
    noise = values[num_latents:].mean()
    W = vectors[:, :num_latents] * (values[:num_latents] - noise).sqrt()
    turn = torch.linalg.qr(torch.ones(num_latents, num_latents, dtype=x.dtype).tril()).Q
    return W @ turn, noise
