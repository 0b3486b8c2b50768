# wrong: only the word lists have pseudo-counts


def m_step(responsibilities, counts, smoothing):
    mass = responsibilities.sum(0) + smoothing
    log_prior = (mass / mass.sum()).log()
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
