# wrong: the outcomes 0 and 1 are swapped
import torch.nn.functional as F


def bernoulli_log_pmf(logits, x):
    return x * F.logsigmoid(-logits) + (1 - x) * F.logsigmoid(logits)
