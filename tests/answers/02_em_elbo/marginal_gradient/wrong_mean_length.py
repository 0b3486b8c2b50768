# wrong: each document has a length of its own
def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    r = (log_prior + counts @ log_words.T).softmax(-1)
    expected = counts.sum(-1).mean() * r.sum(0)[:, None] * log_words.exp()
    return r.T @ counts - expected
