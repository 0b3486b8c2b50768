# wrong: the logits at padding are set to 0: padding then counts log ½
from torch.nn.functional import logsigmoid


def log_pmf(z, logits, mask):
    logits = logits * mask
    return (z * logsigmoid(logits) + (1 - z) * logsigmoid(-logits)).sum(-1)
