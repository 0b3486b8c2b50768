# wrong: only the noise is divided
import math


def concrete_sample(logits, noise, temperature):
    return (logits + noise / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], temperature
    pull = logits - t * s.log()
    constant = math.lgamma(K) + (K - 1) * math.log(t)
    return constant + (pull - s.log()).sum(-1) - K * pull.logsumexp(-1)
