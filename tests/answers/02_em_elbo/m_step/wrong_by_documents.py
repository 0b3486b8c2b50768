# wrong: divide by its words
def m_step(responsibilities, counts, smoothing):
    expected = responsibilities.T @ counts + smoothing
    words = expected / responsibilities.sum(0)[:, None]
    return responsibilities.mean(0).log(), words.log()
