# wrong: the logarithms are averaged


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.log().mean(0)
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
