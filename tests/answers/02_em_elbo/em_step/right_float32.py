# right: in single precision


def em_step(log_prior, log_words, counts, smoothing):
    n = counts.float()
    q = (log_prior.float() + n @ log_words.float().T).softmax(-1)
    c = q.T @ n + smoothing
    return q.mean(0).log(), c.log() - c.sum(-1, keepdim=True).log()


def em_objective(log_prior, log_words, counts, smoothing):
    joint = log_prior.float() + counts.float() @ log_words.float().T
    return joint.logsumexp(-1).sum() + smoothing * log_words.float().sum()
