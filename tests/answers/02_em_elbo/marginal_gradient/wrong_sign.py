# wrong: it has the wrong sign


def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    r = (log_prior + counts @ log_words.T).softmax(-1)
    length = r.T @ counts.sum(-1)
    return length[:, None] * log_words.exp() - r.T @ counts
