# wrong: two results are expected


def m_step(responsibilities, counts, smoothing):
    c = responsibilities.T @ counts + smoothing
    return (c / c.sum(-1, keepdim=True)).log()
