# wrong: it is normalised over components


def em_step(log_prior, log_words, counts, smoothing):
    q = (log_prior + counts @ log_words.T).softmax(-1)
    c = q.T @ counts + smoothing
    return q.mean(0).log(), (c / c.sum(0)).log()


def em_objective(log_prior, log_words, counts, smoothing):
    log_evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return log_evidence.sum() + smoothing * log_words.sum()
