# wrong: 1 − log σ(a) stands where log(1 − σ(a)) = log σ(−a) belongs
from torch.nn.functional import logsigmoid


def bernoulli_log_pmf(logits, x):
    return x * logsigmoid(logits) + (1 - x) * (1 - logsigmoid(logits))
