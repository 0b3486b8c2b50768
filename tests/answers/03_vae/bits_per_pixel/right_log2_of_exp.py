# right: a change of base
import torch


def bits_per_pixel(log_density, num_pixels, num_levels):
    nats = (
        torch.log(torch.tensor(float(num_levels), dtype=log_density.dtype))
        - log_density / num_pixels
    )
    return nats * torch.log2(torch.exp(torch.ones((), dtype=log_density.dtype)))
