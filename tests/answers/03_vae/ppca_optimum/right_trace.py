# right: the noise from the trace
import torch


def ppca_optimum(x, num_latents):
    C = torch.cov(x.T, correction=0)
    values, vectors = torch.linalg.eigh(C)
    top = values[-num_latents:]
    noise = (C.trace() - top.sum()) / (x.shape[1] - num_latents)
    return vectors[:, -num_latents:] * (top - noise).sqrt(), noise
