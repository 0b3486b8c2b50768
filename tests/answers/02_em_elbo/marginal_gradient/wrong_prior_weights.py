# wrong: weighted by the prior, not by the posterior


def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    r = log_prior.exp().expand(len(counts), -1)
    length = r.T @ counts.sum(-1)
    return r.T @ counts - length[:, None] * log_words.exp()
