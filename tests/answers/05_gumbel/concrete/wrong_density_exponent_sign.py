# wrong: s has the exponent τ; it is −τ
import math

import torch


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K = s.shape[-1]
    t = torch.tensor(temperature).double()
    pull = logits + t * s.log()
    return math.lgamma(K) + (K - 1) * t.log() + (pull - s.log()).sum(-1) - K * pull.logsumexp(-1)
