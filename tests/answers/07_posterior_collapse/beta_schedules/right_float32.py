# right: tensors in float32
import torch


def linear_beta(step, warm_up):
    return torch.tensor(step / warm_up).clamp(max=1) if warm_up else torch.tensor(1.0)


def cyclical_beta(step, cycle, rise):
    return (torch.tensor(step % cycle) / rise).clamp(max=1.0)
