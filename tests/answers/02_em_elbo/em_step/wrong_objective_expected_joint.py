# wrong: the entropy of q is missing


def em_step(log_prior, log_words, counts, smoothing):
    q = (log_prior + counts @ log_words.T).softmax(-1)
    c = q.T @ counts + smoothing
    return q.mean(0).log(), (c / c.sum(-1, keepdim=True)).log()


def em_objective(log_prior, log_words, counts, smoothing):
    joint = log_prior + counts @ log_words.T
    return (joint.softmax(-1) * joint).sum() + smoothing * log_words.sum()
