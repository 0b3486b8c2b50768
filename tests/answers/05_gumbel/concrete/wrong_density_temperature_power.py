# wrong: τ^K stands where τ^(K−1) belongs
import math


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], temperature
    pull = logits - t * s.log()
    constant = math.lgamma(K) + K * math.log(t)
    return constant + (pull - s.log()).sum(-1) - K * pull.logsumexp(-1)
