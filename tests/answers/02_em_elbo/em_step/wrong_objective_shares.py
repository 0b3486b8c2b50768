# wrong: only the word lists are smoothed
def em_step(log_prior, log_words, counts, smoothing):
    q = (log_prior + counts @ log_words.T).softmax(-1)
    expected = q.T @ counts + smoothing
    return q.mean(0).log(), (expected / expected.sum(-1, keepdim=True)).log()


def em_objective(log_prior, log_words, counts, smoothing):
    log_evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return log_evidence.sum() + smoothing * (log_words.sum() + log_prior.sum())
