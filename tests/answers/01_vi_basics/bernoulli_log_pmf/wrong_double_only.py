# wrong: for logits in float32 is not right: your function raises
import torch


def bernoulli_log_pmf(logits, x):
    zero = torch.zeros(logits.shape[-1], 1, dtype=torch.double)
    return x * logits - torch.logaddexp(logits, (logits @ zero).expand_as(logits))
