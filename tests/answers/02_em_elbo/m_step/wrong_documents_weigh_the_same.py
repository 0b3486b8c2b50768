# wrong: every document weighs the same


def m_step(responsibilities, counts, smoothing):
    log_prior = responsibilities.mean(0).log()
    n = counts / counts.sum(-1, keepdim=True)
    c = responsibilities.T @ n + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
