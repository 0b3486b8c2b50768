# wrong: the axes are swapped


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log().T
