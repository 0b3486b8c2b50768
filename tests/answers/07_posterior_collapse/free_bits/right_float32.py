# right: in float32, with where
import torch


def free_bits(kl, free_nats):
    mean = kl.float().mean(0)
    return torch.where(mean > free_nats, mean, torch.full_like(mean, free_nats)).sum()
