# wrong: it is normalised over components


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(0)).log()
