# right: one of the two is chosen
import torch
from torch.nn.functional import logsigmoid


def bernoulli_log_pmf(logits, x):
    return torch.where(x == 1, logsigmoid(logits), logsigmoid(-logits))
