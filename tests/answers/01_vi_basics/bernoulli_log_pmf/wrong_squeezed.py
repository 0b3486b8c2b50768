# wrong: an axis of length 1 is gone
from torch.nn.functional import logsigmoid


def bernoulli_log_pmf(logits, x):
    return (x * logsigmoid(logits) + (1 - x) * logsigmoid(-logits)).squeeze()
