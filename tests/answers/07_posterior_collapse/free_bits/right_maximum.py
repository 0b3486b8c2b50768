# right: torch.maximum with a tensor of thresholds
import torch


def free_bits(kl, free_nats):
    return torch.maximum(kl.mean(0), torch.full_like(kl[0], free_nats)).sum()
