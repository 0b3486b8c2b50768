# wrong: it is the log mass of a hard roll
import math


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], temperature
    constant = math.lgamma(K) + (K - 1) * math.log(t)
    return 0 * constant + (s * logits.log_softmax(-1)).sum(-1)
