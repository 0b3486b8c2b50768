# wrong: exp(logit) is used as the probability; it is sigmoid(logit)


def log_pmf(z, logits, mask):
    p = logits.exp()
    each = z * p.log() + (1 - z) * (1 - p).log()
    return (each * mask).sum(-1)
