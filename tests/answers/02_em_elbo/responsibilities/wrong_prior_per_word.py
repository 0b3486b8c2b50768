# wrong: the prior is counted once per word


def responsibilities(log_prior, log_words, counts):
    each = log_prior[:, None] + log_words  # [K, V]
    return (counts @ each.T).softmax(-1)
