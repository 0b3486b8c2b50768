# wrong: probabilities came back


def m_step(responsibilities, counts, smoothing):
    c = responsibilities.T @ counts + smoothing
    return responsibilities.mean(0), c / c.sum(-1, keepdim=True)
