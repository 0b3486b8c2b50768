# right: as in the formula, then the logarithm
import math

import torch


def concrete_sample(logits, noise, temperature):
    return torch.softmax(logits / temperature + noise / temperature, -1)


def concrete_log_density(s, logits, temperature):
    K, log_a = s.shape[-1], logits.log_softmax(-1)
    over = (log_a - (temperature + 1) * s.log()).sum(-1)
    under = torch.logsumexp(log_a - temperature * s.log(), -1)
    return math.log(math.factorial(K - 1) * temperature ** (K - 1)) + over - K * under
