# wrong: the outcomes are averaged
from torch.nn.functional import binary_cross_entropy_with_logits


def bernoulli_log_pmf(logits, x):
    return -binary_cross_entropy_with_logits(logits, x)
