# wrong: the length of the documents is forgotten


def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    r = (log_prior + counts @ log_words.T).softmax(-1)
    return r.T @ counts - r.sum(0)[:, None] * log_words.exp()
