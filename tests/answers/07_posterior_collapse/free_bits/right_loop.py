# right: dimension by dimension
import torch


def free_bits(kl, free_nats):
    means = [column.sum() / len(kl) for column in kl.T]
    least = kl.new_tensor(free_nats)
    return torch.stack([mean if mean > free_nats else least for mean in means]).sum()
