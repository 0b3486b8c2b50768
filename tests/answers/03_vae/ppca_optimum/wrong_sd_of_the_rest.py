# wrong: standard deviations are averaged
import torch


def ppca_optimum(x, num_latents):
    D = num_latents
    _, s, Vh = torch.linalg.svd(x - x.mean(0), full_matrices=False)
    sd = s / len(x) ** 0.5
    noise = sd[D:].mean()
    return Vh[:D].T * (sd[:D] - noise).sqrt(), noise
