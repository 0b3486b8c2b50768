# wrong: an axis of length 1 is gone
from torch.nn.functional import logsigmoid


def log_pmf(z, logits, mask):
    each = z * logsigmoid(logits) + (1 - z) * logsigmoid(-logits)
    return (each * mask).sum(-1).squeeze()
