# wrong: it is hard; soft rows are asked for
import math

from torch.nn.functional import one_hot


def concrete_sample(logits, noise, temperature):
    return one_hot((logits + noise).argmax(-1), logits.shape[-1]).to(logits)


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], temperature
    pull = logits - t * s.log()
    constant = math.lgamma(K) + (K - 1) * math.log(t)
    return constant + (pull - s.log()).sum(-1) - K * pull.logsumexp(-1)
