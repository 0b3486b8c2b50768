# right: as tensors, one schedule through the other
import torch


def linear_beta(step, warm_up):
    return (
        torch.tensor(step / max(warm_up, 1e-9), dtype=torch.double).clamp(max=1.0)
        if step
        else (torch.tensor(float(warm_up == 0), dtype=torch.double))
    )


def cyclical_beta(step, cycle, rise):
    return linear_beta(step % cycle, rise)
