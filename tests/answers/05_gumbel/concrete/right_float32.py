# right: a constant in single precision
import torch


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K, t = torch.tensor(float(s.shape[-1])), torch.tensor(temperature)
    pull = logits - t * s.log()
    constant = K.lgamma() + (K - 1) * t.log()
    return constant + (pull - s.log()).sum(-1) - K * pull.logsumexp(-1)
