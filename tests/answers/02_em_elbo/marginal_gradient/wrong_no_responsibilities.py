# wrong: the expected counts lack the responsibilities
def marginal_gradient(log_prior, word_logits, counts):
    log_words = word_logits.log_softmax(-1)
    r = (log_prior + counts @ log_words.T).softmax(-1)
    return r.T @ counts - counts.sum() * log_words.exp()
