# wrong: the smoothing is counted once in the denominator


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts
    return log_prior, ((c + smoothing) / (c.sum(-1, keepdim=True) + smoothing)).log()
