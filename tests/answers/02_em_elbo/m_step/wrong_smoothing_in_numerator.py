# wrong: the smoothing is in the numerator only


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts
    return log_prior, ((c + smoothing) / c.sum(-1, keepdim=True)).log()
