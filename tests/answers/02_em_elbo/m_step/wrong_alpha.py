# wrong: the smoothing is taken for α


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts + 1 + (smoothing - 2)
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
