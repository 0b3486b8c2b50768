# wrong: log_softmax takes logarithms
def m_step(responsibilities, counts, smoothing):
    expected = responsibilities.T @ counts + smoothing
    return responsibilities.mean(0).log(), expected.log_softmax(-1)
