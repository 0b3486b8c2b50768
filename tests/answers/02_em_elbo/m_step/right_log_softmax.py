# right: log_softmax of logarithms, a list
def m_step(responsibilities, counts, smoothing):
    expected = (responsibilities.T @ counts + smoothing).log()
    return [responsibilities.sum(0).log().log_softmax(-1), expected.log_softmax(-1)]
