# wrong: the logits are no log probabilities
def marginal_gradient(log_prior, word_logits, counts):
    r = (log_prior + counts @ word_logits.T).softmax(-1)
    return r.T @ counts - (r.T @ counts.sum(-1))[:, None] * word_logits.exp()
