# wrong: in the sum too; there it is −τ
import math

import torch


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K = s.shape[-1]
    t = torch.tensor(temperature).double()
    pull = logits - (t + 1) * s.log()
    return math.lgamma(K) + (K - 1) * t.log() + pull.sum(-1) - K * pull.logsumexp(-1)
