# wrong: the prior is added without its logarithm


def responsibilities(log_prior, log_words, counts):
    return (log_prior.exp() + counts @ log_words.T).softmax(-1)
