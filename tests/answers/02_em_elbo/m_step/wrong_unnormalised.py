# wrong: it is not normalised


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts + smoothing
    return log_prior, c.log()
