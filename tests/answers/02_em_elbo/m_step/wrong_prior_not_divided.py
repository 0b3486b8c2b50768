# wrong: divide by how many there are


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.sum(0).log()
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
