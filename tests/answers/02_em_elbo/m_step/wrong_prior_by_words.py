# wrong: the documents are weighted by their length


def m_step(responsibilities, counts, smoothing):
    words = responsibilities.T @ counts.sum(-1)
    log_prior = (words / words.sum()).log()
    c = responsibilities.T @ counts + smoothing
    return log_prior, (c / c.sum(-1, keepdim=True)).log()
