# right: what is above the threshold, and the threshold again, in float32
from torch.nn.functional import relu


def free_bits(kl, free_nats):
    return relu(kl.float().mean(dim=0) - free_nats).sum() + free_nats * kl.shape[1]
