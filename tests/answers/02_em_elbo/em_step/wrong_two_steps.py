# wrong: two steps were made
def em_step(log_prior, log_words, counts, smoothing):
    for _ in range(2):
        q = (log_prior + counts @ log_words.T).softmax(-1)
        expected = q.T @ counts + smoothing
        log_prior = q.mean(0).log()
        log_words = (expected / expected.sum(-1, keepdim=True)).log()
    return log_prior, log_words


def em_objective(log_prior, log_words, counts, smoothing):
    log_evidence = (log_prior + counts @ log_words.T).logsumexp(-1)
    return log_evidence.sum() + smoothing * log_words.sum()
