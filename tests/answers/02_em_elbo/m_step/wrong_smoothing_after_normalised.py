# wrong: the smoothing is added after normalising, and normalised again


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts
    c = c / c.sum(-1, keepdim=True) + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
